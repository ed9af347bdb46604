namespace Releases;

/// <summary>
/// Moves the traffic by the steps of the rollout plan until every service is complete. A step begins for all services or for none:
/// every new process is checked once more, then the step is recorded with its time, then the engine is called. A successor repeats the step
/// that was recorded last, and continues with the remaining time.
/// </summary>
internal sealed class TrafficPhase(
    PromotionJournal journal, RolloutRequests requests, RolloutWatch watch, RolloutEnd end, PromotionPause pause, TrafficJudge judge,
    TimeProvider time)
{
    /// <summary>The step that this driver's engine has carried out.</summary>
    private TrafficShare? _routed;

    /// <summary>Whether this driver's engine didn't carry out the current step when it was asked last.</summary>
    private bool _isPending;

    private RolloutPlan Plan => journal.Promotion.Plan ?? RolloutPlan.AllAtOnce;

    /// <summary>Returns the step to begin at this time, or null. A step that hasn't been carried out isn't skipped.</summary>
    private TrafficShare? Next(DateTimeOffset at) =>
        _isPending ? null : Plan.Next(journal.Promotion.Traffic, watch.AllReady, at);

    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            // By a later time, a step could be over that was judged as one that isn't.
            var now = time.GetUtcNow();
            var verdicts = judge.Look(now);
            if (!await IsBad(verdicts, cancel) && Next(now) is not null && !await HoldsAgain(verdicts, cancel)
                && await requests.Confirm(cancel) && await journal.CancelRequestedBy(cancel) is null && Next(time.GetUtcNow()) is { } next)
                await Begin(next, verdicts, cancel);
            if (journal.Promotion.Traffic is { } traffic && traffic != _routed && watch is { AllReady: true, Failure: null })
                await Route(traffic, cancel);
            await watch.Look(cancel);
            if (await end.IsDecided(cancel)) return;
            await pause.ForChange(journal.Promotion.Limit, cancel);
        }
    }

    private async Task Route(TrafficShare traffic, CancellationToken cancel)
    {
        _isPending = !await requests.Route(Plan.Steps[Math.Min(traffic.Step, Plan.Steps.Count - 1)], cancel);
        if (!_isPending) _routed = traffic;
    }

    /// <summary>Also acts on a verdict that a previous driver recorded but didn't act on.</summary>
    private async Task<bool> IsBad(IReadOnlyList<Verdict> verdicts, CancellationToken cancel)
    {
        if (journal.Promotion.Steps is not [.., var current]) return false;
        if (Bad(current.Verdicts) is null && Bad(verdicts) is not null)
        {
            current = current with { Verdicts = verdicts };
            await journal.Save(journal.Promotion with { Steps = [.. journal.Promotion.Steps.SkipLast(1), current] }, cancel);
        }

        if (Bad(current.Verdicts) is not { } bad) return false;
        watch.Fail(new($"{bad.Service} {bad.Reason}.", bad.Service));
        return true;
    }

    /// <summary>
    /// Holds a step once more whose driver died, and with it the processes: without a request since, nothing is known of the new ones.
    /// </summary>
    private async Task<bool> HoldsAgain(IReadOnlyList<Verdict> verdicts, CancellationToken cancel)
    {
        if (!judge.IsResumed || verdicts.All(v => v.Outcome != VerdictOutcome.NotJudged)) return false;
        var (traffic, now) = (journal.Promotion.Traffic!, time.GetUtcNow());
        // Once is enough: the app may have no traffic at all.
        if (journal.Promotion.Steps is not [.., { } current] || traffic.Since != current.Since) return false;
        judge.HoldAgain();
        await journal.Save(journal.Promotion with
        {
            Traffic = traffic with { Since = now },
            Deadline = journal.Promotion.Deadline + (now - traffic.Since),
        }, cancel);
        return true;
    }

    /// <summary>Keeps the counts of the first step, with which a bake compares, until the old processes end.</summary>
    private static IEnumerable<PlanStep> Ended(List<PlanStep> steps, bool isLast)
    {
        var kept = isLast ? null : steps.Find(s => s.Counted.Count > 0);
        return steps.Select(s => s == kept ? s : s with { Counted = [] });
    }

    private static Verdict? Bad(IReadOnlyList<Verdict> verdicts) => verdicts.FirstOrDefault(v => v.Outcome == VerdictOutcome.Bad);

    private async Task Begin(TrafficShare step, IReadOnlyList<Verdict> verdicts, CancellationToken cancel)
    {
        var promotion = journal.Promotion;
        var ends = !Plan.Steps[step.Step].KeepsOld;
        var counted = judge.Begin();
        await journal.Save(promotion with
        {
            Traffic = step,
            Steps = promotion.Steps is not [.., var current] ? []
                : [.. Ended([.. promotion.Steps.SkipLast(1), current with { EndedAt = step.Since, Verdicts = verdicts }], ends),
                    new(step.Step, step.Percent, step.Since) { Counted = counted }],
            Services = !ends ? promotion.Services
                : [.. promotion.Services.Select(s => s.Status == ServiceStatus.Complete ? s : s.At(ServiceStatus.Draining, step.Since))],
        }, cancel);
    }
}
