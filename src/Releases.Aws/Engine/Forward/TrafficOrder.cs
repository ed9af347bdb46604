namespace Releases.Aws;

/// <summary>
/// Orders the services by when they get production traffic: first those with rolling deployments, while the others are ready and wait;
/// once these are complete, those that another hook may still stop; and once these have traffic, the others together.
/// </summary>
internal sealed class TrafficOrder(EcsSnapshots snapshots, ServiceStart start, PausedDeployments paused)
{
    /// <summary>Lets traffic move once every service is ready.</summary>
    public async Task Move(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel)
    {
        var last = rollout.Where(MovesLast).ToList();
        foreach (var service in last) await start.Move(snapshots.For(service), service, cancel);
        if (last.Count > 0) return;
        foreach (var service in Next(rollout, new Dictionary<ServiceName, Observation>()))
            await paused.Continue(snapshots.For(service), service, cancel);
    }

    /// <summary>
    /// Lets the waiting services continue once those that precede them are complete or have traffic. Returns the observations, with the
    /// reason if that is refused.
    /// </summary>
    public async Task<IReadOnlyDictionary<ServiceName, Observation>> Follow(
        IReadOnlyList<ServiceRollout> rollout, IReadOnlyDictionary<ServiceName, Observation> seen, CancellationToken cancel)
    {
        var last = rollout.Where(MovesLast).ToList();
        if (last.Any(s => seen[s.Name].State != ObservedState.Complete && !HasTraffic(s, seen))) return seen;
        // If no service moves last, only one that has already continued shows that traffic may move.
        if (last.Count == 0 && !rollout.Any(s => ServiceJournal.From(s) is { ContinueAsked: true })) return seen;
        var after = seen.ToDictionary();
        foreach (var service in Next(rollout, seen).Where(s => ServiceJournal.From(s) is { PauseStage: not null, ContinueAsked: false }))
            after[service.Name] = await Continue(service, seen[service.Name], cancel);
        return after;
    }

    /// <summary>What may pass is retried at the next observation.</summary>
    private async Task<Observation> Continue(ServiceRollout service, Observation seen, CancellationToken cancel)
    {
        try
        {
            var trouble = await AwsProblems.Translate("AWS", () => paused.Continue(snapshots.For(service), service, cancel));
            return trouble is null ? seen : seen with { Reason = trouble };
        }
        catch (ProblemException refused) when (!refused.Is(ProblemCode.Fenced))
        {
            var state = refused.MayPass ? seen.State : ObservedState.Failed;
            return seen with { State = state, Reason = refused.Problems[0].Message.TrimEnd('.') };
        }
    }

    /// <summary>Returns the services that may continue: only those that continue first, until all of these have traffic.</summary>
    private static IReadOnlyList<ServiceRollout> Next(
        IReadOnlyList<ServiceRollout> rollout, IReadOnlyDictionary<ServiceName, Observation> seen)
    {
        var first = rollout.Where(s => ServiceJournal.From(s) is { ContinuesFirst: true }).ToList();
        return first.TrueForAll(s => HasTraffic(s, seen)) ? rollout : first;
    }

    /// <summary>
    /// Determines whether ECS has begun to shift the production traffic of a service that continues first. Only its traffic steps and bake
    /// time follow.
    /// </summary>
    private static bool HasTraffic(ServiceRollout service, IReadOnlyDictionary<ServiceName, Observation> seen) =>
        ServiceJournal.From(service) is { ContinuesFirst: true }
        && seen.GetValueOrDefault(service.Name)?.State is ObservedState.Draining or ObservedState.Complete;

    private static bool MovesLast(ServiceRollout service) => ServiceJournal.From(service) is { MovesLast: true };
}
