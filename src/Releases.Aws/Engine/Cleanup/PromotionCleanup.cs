using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Cleans up once the outcome of a promotion is decided. The lock is still held, and each change writes the journal first, so the next
/// promotion can't lose anything to it. Every step is harmless when repeated.
/// </summary>
internal sealed class PromotionCleanup(
    EcsClient ecs, FencedChange change, ServicePlanReader plans, DesiredCounts counts, BaseTaskDefinitions bases,
    CommandCleanup commands, FailedTaskDefinitions failed, DroppedServices dropped, IReleaseStore store)
{
    /// <summary>
    /// Tries everything, and then fails with whatever couldn't be done. After a failure that may pass nothing more is tried, because all
    /// of it is repeated.
    /// </summary>
    public async Task Run(IReadOnlyList<ServiceRollout> rollout, Promotion outcome, CancellationToken cancel)
    {
        var undone = new List<ProblemException>();
        foreach (var command in outcome.ReleaseCommands) await Try(() => commands.Run(outcome.App, "release", command, cancel), undone);
        foreach (var command in outcome.VerifyCommands) await Try(() => commands.Run(outcome.App, "verify", command, cancel), undone);
        if (outcome.Status == PromotionStatus.Succeeded) await AfterSuccess(rollout, outcome, undone, cancel);
        else
            foreach (var service in outcome.Services)
                if (rollout.FirstOrDefault(r => r.Name == service.Service) is { } started)
                {
                    await Try(() => PutSettingsBack(started, outcome, cancel), undone);
                    await Try(() => failed.Deregister(started, service, outcome, cancel), undone);
                }

        if (undone.Count > 0) throw new ProblemException([.. undone.SelectMany(u => u.Problems)]);
    }

    private static async Task Try(Func<Task> step, List<ProblemException> undone)
    {
        if (undone.Any(u => u.MayPass)) return;
        try
        {
            await AwsProblems.Translate("ECS", async () =>
            {
                await step();
                return true;
            });
        }
        catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
        {
            undone.Add(problem);
        }
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
            && PutBack(notes, now, service.Rollout.Services.FirstOrDefault(s => s.Service.Name == service.Name), outcome) is { } request)
            await change.Send(() => notes.Save(service, cancel), "UpdateService", request, cancel);
    }

    private static JsonObject? PutBack(ServiceJournal notes, EcsService now, ServiceSpec? spec, Promotion outcome) =>
        notes.PauseStage is not null
            ? PauseHook.IsIn(now.Configuration, outcome.Id) ? PausedDeployments.Removing(notes.Service, now) : null
            : ShiftSettings.IsWithoutSteps(now.Configuration) && spec is not null
                ? PausedDeployments.WithSteps(notes, spec.Service) : null;

    /// <summary>The app may have been scaled during the promotion.</summary>
    private async Task AfterSuccess(
        IReadOnlyList<ServiceRollout> rollout, Promotion outcome, List<ProblemException> undone, CancellationToken cancel)
    {
        if (rollout is not [{ Rollout: var all }, ..] || await store.FindApp(outcome.App, cancel) is not { } app) return;
        await Try(
            async () =>
            {
                foreach (var plan in await plans.Read(app.Name, all.Services, cancel))
                    if (plan.Service is not null && await counts.ToLower(plan, app, cancel) is { } count)
                        await change.SetCount(rollout[0], plan.Name, count, cancel);
            },
            undone);
        foreach (var service in all.Services) await Try(() => bases.ClearRetired(app.Name, service.Service.Name, cancel), undone);
        foreach (var name in outcome.Retired) await Try(() => dropped.Stop(rollout, outcome, name, cancel), undone);
    }
}
