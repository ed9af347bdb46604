namespace Releases.Aws;

/// <summary>Observes the rollout of one service.</summary>
internal sealed class RolloutObserver(RolloutReader reader, TaskFailures failures)
{
    public async Task<Observation> Observe(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { Forward: { } forward, Ours: { } ours } journal)
            return ServiceJournal.From(service) is { IsWaiting: true, Ours: not null }
                ? new(ObservedState.Waiting) { Stage = "moves when the others are ready" }
                : new(ObservedState.Starting) { Reason = "ECS has not been asked to update it yet" };
        if (await snapshot.Service(journal.Service, cancel) is not { } seen)
            return new(ObservedState.Failed) { Reason = $"no longer exists: ECS reports twice that there is no service {journal.Service}" };
        var (verdict, deployment, live) = await reader.Read(snapshot, journal, ours, forward, seen, cancel);
        var counts = RolloutCounts.From(seen, ours);
        if (live is not null) counts = counts with { Healthy = Math.Min(live.Healthy, counts.Running) };
        counts = ShiftProgress.Apply(counts, deployment, journal.PauseStage);
        if (verdict.State == RolloutState.Running && counts.State == ObservedState.Starting && counts.Healthy < counts.Desired
            && RolloutCounts.FailedTasks(seen, ours) is > 0 and var failed)
            counts = await Failing(snapshot, service, journal, counts, failed, cancel);
        return verdict.State switch
        {
            RolloutState.Succeeded or RolloutState.Empty => Complete(verdict, deployment, live, counts),
            RolloutState.Unfinished =>
                counts with { State = live is null ? counts.State : ObservedState.Starting, Reason = verdict.Reason },
            RolloutState.Running when counts.State == ObservedState.Healthy => counts,
            RolloutState.Running when counts.State == ObservedState.Draining || (counts.Desired > 0 && counts.Healthy >= counts.Desired) =>
                counts with { Reason = counts.Reason ?? verdict.Reason },
            RolloutState.Running => counts with
            {
                Reason = counts.Reason ?? verdict.Reason
                ?? (counts.Running > 0 ? "its new tasks aren't healthy yet" : "no new task is running yet")
            },
            RolloutState.Superseded => await reader.Superseded(seen.Primary!.TaskDefinition!, cancel),
            _ => await Failed(snapshot, service, journal, verdict, deployment, counts, cancel),
        };
    }

    /// <summary>
    /// Early success is reported before all tasks are in place; the start of the tasks then determines the time of completion.
    /// </summary>
    private static Observation Complete(RolloutVerdict verdict, ServiceDeployment? deployment, LiveTasks? live, Observation counts) =>
        counts with
        {
            State = ObservedState.Complete,
            Healthy = live?.Healthy ?? counts.Running,
            Reason = verdict.Reason,
            CompletedAt = deployment?.FinishedAt < live?.InPlaceAt ? live.InPlaceAt : deployment?.FinishedAt,
        };

    /// <summary>Adds why the newest task failed, in case the promotion ends before ECS gives up.</summary>
    private async Task<Observation> Failing(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal journal, Observation counts, int failed, CancellationToken cancel)
    {
        // Until ECS lists the task, or while it can't be asked, the cause is asked for again.
        if (!snapshot.FailuresSoFar.TryGetValue(service.Name, out var known) || known.Tasks != failed || known.Newest.Reason is null)
            snapshot.FailuresSoFar[service.Name] = known = (failed, await failures.Newest(journal.Service, journal.Ours!, null, cancel));
        return counts with
        {
            Reason = string.Join("; ", new[] { known.Newest.Reason, counts.Reason }.OfType<string>()),
            LastLines = known.Newest.LastLines,
        };
    }

    private async Task<Observation> Failed(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal journal, RolloutVerdict verdict, ServiceDeployment? deployment,
        Observation counts, CancellationToken cancel)
    {
        if (!snapshot.Failures.TryGetValue(service.Name, out var failure))
        {
            failure = await failures.Newest(journal.Service, journal.Ours!, deployment?.RollbackStartedAt, cancel);
            // ECS no longer lists a task that stopped long ago.
            if (failure.Reason is null && snapshot.FailuresSoFar.TryGetValue(service.Name, out var known)) failure = known.Newest;
            snapshot.Failures[service.Name] = failure;
        }

        var reason = failure.Reason ?? (verdict.IsOfSomebodyElse ? "was changed by somebody else" : "was rolled back by ECS");
        return counts with
        {
            State = ObservedState.Failed,
            Reason = verdict.Reason is { } also ? $"{reason}; {also}" : reason,
            Hint = failure.IsFinished ? ProcessEnd.KeepsRunning : null,
            LastLines = failure.LastLines
        };
    }
}
