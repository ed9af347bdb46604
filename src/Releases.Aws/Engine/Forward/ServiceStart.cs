using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Starts the rollout of one service: registers its task definition and updates the ECS service, once each however often it is repeated.
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
        if (journal.Forward is { TookEffect: true }) return;
        var configuration = DeploymentConfiguration.ForRollout(journal.Configuration, service.Spec.Service);
        if (journal.PauseStage is { } stage) PauseHook.Add(configuration, stage, service.Rollout);
        var settings = new JsonObject { ["deploymentConfiguration"] = configuration };
        if (journal.SetDesired is { } desired) settings["desiredCount"] = desired;
        var updated = await update.Run(
            snapshot, journal.Service, journal.Ours!, journal.Forward, settings, u => (journal with { Forward = u }).Save(service, cancel),
            cancel);
        snapshot.Expect(journal.Service, updated.Deployment);
    }

    private async Task<JsonObject> Definition(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var published = await secrets.PublishOnce(snapshot, service.Rollout, cancel);
        var plan = snapshot.Plans.GetValueOrDefault(service.Name) ?? await checks.Plan(service, cancel);
        return plan.TaskDefinition(service.Rollout, checks.Cluster, published);
    }
}
