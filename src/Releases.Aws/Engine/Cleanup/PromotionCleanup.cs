using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Cleans up once the outcome of a promotion is decided. The lock is still held, and each change writes the journal first, so the next
/// promotion can't lose anything to it. Every step is harmless when repeated.
/// </summary>
internal sealed class PromotionCleanup(
    EcsClient ecs, FencedChange change, ServicePlanReader plans, DesiredCounts counts, BaseTaskDefinitions bases,
    CommandCleanup commands, FailedTaskDefinitions failed, DroppedServices dropped, IReleaseStore store,
    TimeProvider time)
{
    /// <summary>Tries everything, and then fails with whatever couldn't be done.</summary>
    public async Task Run(IReadOnlyList<ServiceRollout> rollout, Promotion outcome, bool isLast, CancellationToken cancel)
    {
        var steps = new CleanupSteps(isLast, time);
        foreach (var command in outcome.ReleaseCommands) await steps.Try(() => commands.Run(outcome.App, "release", command, cancel));
        foreach (var command in outcome.VerifyCommands) await steps.Try(() => commands.Run(outcome.App, "verify", command, cancel));
        if (outcome.Status == PromotionStatus.Succeeded) await AfterSuccess(rollout, outcome, steps, cancel);
        else
            foreach (var service in outcome.Services)
                if (rollout.FirstOrDefault(r => r.Name == service.Service) is { } started)
                {
                    await steps.Try(() => PutSettingsBack(started, outcome, cancel));
                    await steps.Try(() => RecordOwed(started, outcome, cancel));
                    await failed.Deregister(steps, started, service, outcome, cancel);
                }

        steps.Require();
    }

    /// <summary>
    /// A rollback restores the configuration, but a service that isn't rolled back, because someone else changed it or it is stuck, still
    /// has ours: the hook, or no steps.
    /// </summary>
    private async Task PutSettingsBack(ServiceRollout service, Promotion outcome, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is { Forward: not null, Restored: false } notes
            && notes is ({ PauseStage: not null } or { GoesStraight: true })
            && (await ecs.Services([notes.Service], cancel)).GetValueOrDefault(notes.Service) is { } now
            && PutBack(notes, now, service.Spec.Service, outcome) is { } request)
            await change.Send(() => notes.Save(service, cancel), "UpdateService", request, cancel);
    }

    /// <summary>Returns the request, or null if somebody else has changed the configuration.</summary>
    private static JsonObject? PutBack(ServiceJournal notes, EcsService now, Service service, Promotion outcome)
    {
        if (notes.PauseStage is not null)
            return PauseHook.IsIn(now.Configuration, outcome.Id) ? PausedDeployments.Removing(notes.Service, now) : null;
        var sent = DeploymentConfiguration.ForRollout(notes.Configuration, service);
        ShiftSettings.WithoutSteps(sent);
        return !DeploymentConfiguration.AreSame(sent, now.Configuration) ? null : new()
        {
            ["service"] = notes.Service,
            ["deploymentConfiguration"] = DeploymentConfiguration.Restored(notes.Configuration, now.Configuration),
        };
    }

    /// <summary>
    /// Until the previous version is in place, its guards stay off, because ECS would return to the release that failed. What they were is
    /// recorded, so that the next promotion doesn't take the service's configuration for its own.
    /// </summary>
    private async Task RecordOwed(ServiceRollout service, Promotion outcome, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { } notes) return;
        if (notes.Restored) await bases.Owe(outcome.App, service.Name, null, cancel);
        if (notes is not { Back: not null, Restored: false, Configuration: { } own }
            || (await ecs.Services([notes.Service], cancel)).GetValueOrDefault(notes.Service) is not { } now
            || !DeploymentConfiguration.IsFromRollback(own, now.Configuration)) return;
        await bases.Owe(outcome.App, service.Name, own, cancel);
        if (DeploymentConfiguration.TurnedOff(own, now.Configuration) is { Count: > 0 } off)
            throw new Problem(
                AwsProblemCode.Refused, $"{service.Name} runs without what the rollback turned off: {string.Join(", ", off)}.",
                "The next promotion that succeeds or is rolled back turns it on again.").ToException();
    }

    /// <summary>The app may have been scaled during the promotion.</summary>
    private async Task AfterSuccess(
        IReadOnlyList<ServiceRollout> rollout, Promotion outcome, CleanupSteps steps, CancellationToken cancel)
    {
        if (rollout is not [{ Rollout: var all }, ..] || await store.FindApp(outcome.App, cancel) is not { } app) return;
        IReadOnlyList<ServicePlan> read = [];
        await steps.Try(async () => read = await plans.Read(app.Name, all.Services, cancel));
        foreach (var plan in read)
            await steps.Try(async () =>
            {
                if (plan.Service is not null && await counts.ToLower(plan, app, cancel) is { } count)
                    await change.SetCount(rollout[0], plan.Name, count, cancel);
            });
        foreach (var service in all.Services) await steps.Try(() => bases.Succeeded(app.Name, service.Service.Name, cancel));
        IReadOnlyList<ServiceName> had = [];
        await steps.Try(async () => had = await bases.Services(app.Name, cancel));
        // An earlier promotion may have dropped some that it couldn't stop.
        foreach (var name in outcome.Retired.Union(had).Except(all.Services.Select(s => s.Service.Name)))
            await steps.Try(() => dropped.Stop(rollout, outcome, name, cancel));
    }
}
