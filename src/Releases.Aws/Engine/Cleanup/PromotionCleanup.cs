using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Cleans up once a promotion has ended. Every step is harmless when repeated or skipped.</summary>
internal sealed class PromotionCleanup(
    EcsClient ecs, FencedChange change, ServicePlanReader plans, BaseTaskDefinitions bases, DesiredCounts counts, CommandCleanup commands,
    IReleaseStore store)
{
    private static readonly Func<Task> NothingToWrite = () => Task.CompletedTask;

    public async Task Run(Rollout rollout, Promotion outcome, CancellationToken cancel)
    {
        await commands.Run(outcome, cancel);
        if (outcome.Status != PromotionStatus.Succeeded) await PutSettingsBack(rollout, outcome, cancel);
        if (outcome.Status == PromotionStatus.Succeeded) await AfterSuccess(rollout, outcome, cancel);
        else if (outcome.Status is PromotionStatus.Failed or PromotionStatus.Cancelled) await AfterFailure(outcome, cancel);
    }

    /// <summary>
    /// A rollback restores the configuration, but a service that isn't rolled back, because someone else changed it or it is stuck, still
    /// has ours: the hook, or no steps.
    /// </summary>
    private async Task PutSettingsBack(Rollout rollout, Promotion outcome, CancellationToken cancel)
    {
        foreach (var service in outcome.Services)
            if (Notes(service) is { Forward: not null, Restored: false } notes and ({ PauseStage: not null } or { GoesStraight: true })
                && (await ecs.Services([notes.Service], cancel)).GetValueOrDefault(notes.Service) is { } now
                && PutBack(notes, now, rollout.Services.FirstOrDefault(s => s.Service.Name == service.Service), outcome) is { } request)
                await change.Send(NothingToWrite, "UpdateService", request, cancel);
    }

    private static JsonObject? PutBack(ServiceJournal notes, EcsService now, ServiceSpec? spec, Promotion outcome) =>
        notes.PauseStage is not null
            ? PauseHook.IsIn(now.Configuration, outcome.Id) ? PausedDeployments.Removing(notes.Service, now) : null
            : ShiftSettings.IsWithoutSteps(now.Configuration) && spec is not null
                ? PausedDeployments.WithSteps(notes, spec.Service) : null;

    private static ServiceJournal? Notes(PromotionService service) =>
        service.Engine is { } engine ? System.Text.Json.JsonSerializer.Deserialize(engine, EcsJson.Default.ServiceJournal) : null;

    /// <summary>
    /// The lock is free by now, so the app may have been scaled, and another promotion may be running, which lowers counts when it ends.
    /// </summary>
    private async Task AfterSuccess(Rollout rollout, Promotion outcome, CancellationToken cancel)
    {
        if (await store.FindApp(rollout.App.Name, cancel) is not { } app) return;
        var next = await store.FindLock(app.Name, cancel) is { } held ? await store.FindRelease(app.Name, held.Release, cancel) : null;
        if (next is null)
            foreach (var plan in await plans.Read(app.Name, rollout.Services, cancel))
                if (plan.Service is not null && await counts.ToLower(plan, app, cancel) is { } count)
                    await SetCount(plan.Name, count, cancel);
        foreach (var retired in outcome.Retired.Where(r => next?.Services.ContainsKey(r) is not true))
        {
            var name = $"{rollout.App.Name}-{retired}";
            if ((await ecs.Services([name], cancel)).GetValueOrDefault(name) is not { } service || service.DesiredCount is not > 0)
                continue;
            if (service.Tag("convox:app") != rollout.App.Name.ToString()) continue;
            await bases.Retire(rollout.App.Name, retired, service.DesiredCount.Value, cancel);
            await SetCount(name, 0, cancel);
        }
    }

    /// <summary>Deregisters the task definitions of a failed release, which nothing uses; the previous one is never among them.</summary>
    private async Task AfterFailure(Promotion outcome, CancellationToken cancel)
    {
        foreach (var service in outcome.Services)
        {
            if (Notes(service) is not { Ours: { } ours } notes || notes.Before.Contains(ours)) continue;
            await change.SendBestEffort("DeregisterTaskDefinition", new() { ["taskDefinition"] = ours }, cancel);
        }
    }

    private Task<JsonObject> SetCount(string service, int count, CancellationToken cancel) =>
        change.Send(NothingToWrite, "UpdateService", new() { ["service"] = service, ["desiredCount"] = count }, cancel);
}
