using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Starts the rollout of one service: registers its task definition and updates the ECS service, each once, however often it is repeated.
/// </summary>
internal sealed class ServiceStart(
    ServicePreparation preparation, RolloutCheck checks, ReleaseSecrets secrets, RegisterOnce register, UpdateOnce update)
{
    public async Task Run(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var journal = ServiceJournal.From(service) ?? await preparation.Run(snapshot, service, cancel);
        if (journal.Ours is null)
        {
            var definition = await Definition(snapshot, service, cancel);
            var ours = await register.Ours(
                service.Name, definition, journal.RegisterAsked, () => (journal with { RegisterAsked = true }).Save(service, cancel),
                cancel);
            journal = await (journal with { RegisterAsked = true, Ours = ours }).Save(service, cancel);
        }

        snapshot.Expect(journal.Service, journal.Forward?.Deployment);
        if (journal.IsWaiting || journal.Forward is { TookEffect: true }) return;
        var configuration = DeploymentConfiguration.ForRollout(journal.Configuration, service.Spec.Service);
        if (journal.GoesStraight) ShiftSettings.WithoutSteps(configuration);
        if (journal.PauseStage is { } stage) PauseHook.Add(configuration, stage, service.Rollout);
        var settings = new JsonObject { ["deploymentConfiguration"] = configuration };
        if (journal.SetDesired is { } desired) settings["desiredCount"] = desired;
        var updated = await update.Run(
            snapshot, journal.Service, journal.Ours!, journal.Forward, settings, u => (journal with { Forward = u }).Save(service, cancel),
            cancel);
        snapshot.Expect(journal.Service, updated.Deployment);
    }

    /// <summary>
    /// Starts a service that moves last, once every other service is ready. Fails if someone else has changed it in the meantime. A count
    /// that somebody raised meanwhile is kept.
    /// </summary>
    public async Task Move(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { MovesLast: true } journal) return;
        if (journal.IsWaiting)
        {
            snapshot.Invalidate();
            var seen = await snapshot.Service(journal.Service, cancel);
            if (seen?.Primary?.TaskDefinition is { } runs && !journal.Before.Contains(runs))
                throw new Problem(
                    AwsProblemCode.Refused,
                    $"the ECS service {journal.Service} was changed by somebody else in the meantime: its task definition is {runs}, and "
                        + "was left as it is.",
                    "Find out who deploys this service beside the promotion.").ToException();
            var count = seen?.DesiredCount ?? journal.Desired;
            var raised = journal.SetDesired > count ? journal.SetDesired : null;
            await (journal with { MoveAsked = true, Desired = count, SetDesired = raised }).Save(service, cancel);
        }

        await Run(snapshot, service, cancel);
    }

    private async Task<JsonObject> Definition(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var published = await secrets.PublishOnce(snapshot, service.Rollout, cancel);
        var plan = snapshot.Plans.GetValueOrDefault(service.Name) ?? await checks.Plan(service, cancel);
        return plan.TaskDefinition(service.Rollout, checks.Cluster, published);
    }
}
