namespace Releases.Aws;

/// <summary>
/// In which order services get production traffic: those that ECS rolls first, while the others, which are ready, wait; once these are
/// complete, the others together.
/// </summary>
internal sealed class TrafficOrder(EcsSnapshots snapshots, ServiceStart start, PausedDeployments paused)
{
    /// <summary>Every service is ready, so traffic may move.</summary>
    public async Task Move(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel)
    {
        var last = rollout.Where(MovesLast).ToList();
        foreach (var service in last) await start.Move(snapshots.For(service), service, cancel);
        if (last.Count > 0) return;
        foreach (var service in rollout) await paused.Continue(snapshots.For(service), service, cancel);
    }

    /// <summary>Lets the waiting services continue when those that move last are complete. Gives why that is refused.</summary>
    public async Task<IReadOnlyDictionary<ServiceName, Observation>> Follow(
        IReadOnlyList<ServiceRollout> rollout, IReadOnlyDictionary<ServiceName, Observation> seen, CancellationToken cancel)
    {
        var last = rollout.Where(MovesLast).ToList();
        if (last.Count == 0 || last.Any(s => seen[s.Name].State != ObservedState.Complete)) return seen;
        var after = seen.ToDictionary();
        foreach (var service in rollout.Where(s => ServiceJournal.From(s) is { PauseStage: not null, ContinueAsked: false }))
            after[service.Name] = await Continue(service, seen[service.Name], cancel);
        return after;
    }

    /// <summary>What is refused only for now is asked again at the next observation.</summary>
    private async Task<Observation> Continue(ServiceRollout service, Observation seen, CancellationToken cancel)
    {
        try
        {
            var trouble = await AwsProblems.Translate("AWS", () => paused.Continue(snapshots.For(service), service, cancel));
            return trouble is null ? seen : seen with { Reason = trouble };
        }
        catch (ProblemException refused) when (!refused.Is(ProblemCode.Fenced))
        {
            var state = refused.IsTransient() ? seen.State : ObservedState.Failed;
            return seen with { State = state, Reason = refused.Problems[0].Message.TrimEnd('.') };
        }
    }

    private static bool MovesLast(ServiceRollout service) => ServiceJournal.From(service) is { MovesLast: true };
}
