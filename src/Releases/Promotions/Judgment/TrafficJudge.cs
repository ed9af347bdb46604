namespace Releases;

/// <summary>
/// Compares new and old processes during a step of the plan. The counts at the beginning of the step are written with it, so that a driver
/// that takes over compares with the same counts.
/// </summary>
internal sealed class TrafficJudge(PromotionJournal journal, RolloutServices services, IEngine engine)
{
    private readonly Dictionary<ServiceName, SlowStreak> _slow = [];
    private IReadOnlyDictionary<ServiceName, TrafficSample>? _before;

    /// <summary>Whether the current step was begun by a driver that died.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>
    /// Returns the current verdicts on the services of the current step; a service that isn't judged, or not yet, is omitted.
    /// </summary>
    /// <param name="at">The time, by which the step may be over.</param>
    public IReadOnlyList<Verdict> Look(DateTimeOffset at)
    {
        if (journal.Promotion is not { Plan: { } plan, Traffic: { Percent: > 0 } current } || !plan.Steps[current.Step].KeepsOld) return [];
        if (_before is null) IsResumed = (_before = Resumed()) is not null;
        _before ??= Sample();
        var (isOver, elapsed) = (at >= plan.HeldUntil(current), at - current.Since);
        var counted = Sample();
        return [.. Judged(plan.Steps[current.Step]).Select(s => Verdict(s, counted, elapsed, isOver)).OfType<Verdict>()];
    }

    /// <summary>Begins a step, to which further counts belong. Returns the counts so far, for a successor.</summary>
    public IReadOnlyList<CountedService> Begin()
    {
        (_before, IsResumed) = (Sample(), false);
        _slow.Clear();
        return [.. _before.Select(s => CountedService.From(s.Key, s.Value))];
    }

    /// <summary>Continues the step from now on, as one of this driver.</summary>
    public void HoldAgain() => IsResumed = false;

    /// <summary>
    /// Returns the counts of the old processes to compare with: those since the first of these moments after which they had enough
    /// requests. During the bake they no longer have traffic, so what they did in the steps before counts. Without enough of that,
    /// everything known about them counts, including what was counted before their counters restarted.
    /// </summary>
    /// <param name="now">The current counts.</param>
    /// <param name="before">The counts at the beginning of the step.</param>
    /// <param name="start">The counts at the beginning of the first step.</param>
    public static RequestCounts Comparable(RequestCounts now, RequestCounts before, RequestCounts start)
    {
        var known = now.Continues(before) ? now : before.With(now);
        foreach (var begin in (RequestCounts[])[before, start])
            if (known.Since(begin) is { Requests: >= Judgment.MinRequests } meanwhile) return meanwhile;
        return known;
    }

    /// <summary>Returns the counts that a driver that died during the step wrote at its beginning, or null if there are none.</summary>
    private Dictionary<ServiceName, TrafficSample>? Resumed() =>
        journal.Promotion.Steps is [.., { Counted: { Count: > 0 } counted }]
            ? counted.ToDictionary(c => c.Service, c => c.ToSample())
            : null;

    private IEnumerable<ServiceSpec> Judged(RolloutStep step) =>
        services.Rollout.Services.Where(s => s.Service.Deployment.Judge is not null && step.ShareOf(s.Service.Name) > 0);

    private Verdict? Verdict(
        ServiceSpec spec, IReadOnlyDictionary<ServiceName, TrafficSample> counted, TimeSpan elapsed, bool isOver)
    {
        var service = spec.Service.Name;
        if (!counted.TryGetValue(service, out var now)) return null;
        var before = _before!.GetValueOrDefault(service, TrafficSample.None);
        var limits = spec.Service.Deployment.Judge!;
        var start = OldAtStart(service) ?? before.Old;
        if (!_slow.TryGetValue(service, out var slow)) _slow[service] = slow = new(before, start);
        slow.Add(now, limits);
        var fresh = now.New.Since(before.New) with { Elapsed = elapsed };
        return Judgment.Decide(service, limits, fresh, Comparable(now.Old, before.Old, start), isOver, slow.StaysSlow(isOver));
    }

    private RequestCounts? OldAtStart(ServiceName service) => journal.Promotion.Steps.FirstOrDefault(s => s.Counted.Count > 0)?
        .Counted.FirstOrDefault(c => c.Service == service)?.Old.ToCounts();

    private IReadOnlyDictionary<ServiceName, TrafficSample> Sample() => engine.Sample(services.All);
}
