namespace Releases;

/// <summary>
/// Decides what to do next for one service, as a pure function of the desired state, the running instances and the time. The rules are
/// those of the ECS service scheduler.
/// </summary>
public static class Scheduler
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(60);

    /// <summary>Returns the next actions.</summary>
    /// <param name="wanted">The desired state.</param>
    /// <param name="instances">The running instances.</param>
    /// <param name="failures">The failures of the target.</param>
    /// <param name="now">The current time.</param>
    /// <param name="heldFailures">The failures of the held instances.</param>
    public static Decision Decide(
        Wanted wanted, IReadOnlyCollection<Instance> instances, RevisionFailures failures, DateTimeOffset now,
        RevisionFailures heldFailures = default)
    {
        var living = instances.Where(i => i.State != InstanceState.Ending).ToList();
        var target = living.Where(i => i.Revision == wanted.Target).ToList();
        var others = living.Where(i => i.Revision != wanted.Target).ToList();
        var healthyTarget = target.Count(IsHealthy);
        var healthyOthers = others.Count(IsHealthy);

        var givenUp = wanted.Breaker && failures.Count >= (wanted.Strict ? 1 : Threshold(wanted.Desired));
        var surplus = target.OrderBy(IsHealthy).Take(Math.Max(0, target.Count - wanted.Desired)).ToList();
        var missing = givenUp ? 0 : Math.Max(0, wanted.Desired - target.Count);
        var kept = Kept(wanted);
        var keptMissing = Math.Max(0, kept - others.Count);
        var free = HasAnyRoom(wanted) ? missing + keptMissing : Math.Max(0, MaxInstances(wanted) - instances.Count);
        // The kept ones come first, because they have the traffic.
        var room = Math.Max(0, free - keptMissing);
        var startAt = StartAllowedAt(failures);
        var start = startAt <= now ? Math.Min(missing, room) : 0;

        var ending = new List<Instance>(surplus);
        if (wanted.RejectsOthers || (wanted.Held is null && healthyTarget >= wanted.Desired)) ending.AddRange(others);
        else if (missing > room)
        {
            var needed = Math.Min(missing - room, Math.Max(0, others.Count - kept));
            ending.AddRange(MakeRoom(others, needed, healthyTarget + healthyOthers - MinHealthy(wanted)));
        }

        var keptStartAt = StartAllowedAt(heldFailures);
        return new(
            start,
            [.. ending.Select(i => i.Id)],
            [.. Routed(wanted, target, others, givenUp).Except(ending).Select(i => i.Id)],
            givenUp,
            Earlier(missing > 0 && start == 0 && startAt > now ? startAt : null, keptMissing > 0 && keptStartAt > now ? keptStartAt : null))
        {
            StartHeld = keptStartAt <= now ? Math.Min(keptMissing, free) : 0,
        };
    }

    /// <summary>
    /// Returns how many held instances are kept and replaced: all of them where the maximum has room for them beside the target, otherwise
    /// none, because they have to make room.
    /// </summary>
    private static int Kept(Wanted wanted) =>
        wanted.Held is { } held && (HasAnyRoom(wanted) || held <= MaxInstances(wanted) - wanted.Desired) ? held : 0;

    /// <summary>Determines whether the maximum doesn't matter; without new instances, the old ones need not make room.</summary>
    private static bool HasAnyRoom(Wanted wanted) => wanted.KeepsHeld || wanted.Desired == 0;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other ? one : other ?? one;

    /// <summary>
    /// Returns the number of failures that open the circuit breaker: half the desired count, rounded up, at least 3 and at most 200 (the
    /// defaults of ECS's deployment circuit breaker).
    /// </summary>
    public static int Threshold(int desired) => Math.Clamp((desired + 1) / 2, 3, 200);

    /// <summary>Determines whether all held instances stay beside the target, so that they can take back the traffic.</summary>
    public static bool KeepsAll(Wanted wanted) => wanted.Held is { } held && Kept(wanted) == held;

    /// <summary>Determines whether a rollout of this many instances can make progress within the limits.</summary>
    public static bool CanMove(int desired, Deployment limits) =>
        desired == 0 || MaxInstances(desired, limits) > desired || MinHealthy(desired, limits) < desired;

    /// <summary>Returns when the next instance may be started: the delay doubles from 250 ms with every failure, up to a minute.</summary>
    public static DateTimeOffset StartAllowedAt(RevisionFailures failures) => failures.Count == 0
        ? DateTimeOffset.MinValue
        : failures.LastAt + TimeSpan.FromTicks(Math.Min(MaxBackOff.Ticks, FirstBackOff.Ticks << Math.Min(failures.Count - 1, 20)));

    private static List<Instance> MakeRoom(List<Instance> others, int needed, int spare)
    {
        var unhealthy = others.Where(i => !IsHealthy(i)).Take(needed).ToList();
        var healthy = others.Where(IsHealthy).Take(Math.Max(0, Math.Min(needed - unhealthy.Count, spare)));
        return [.. unhealthy, .. healthy];
    }

    /// <summary>
    /// Keeps the traffic on the held instances, except for the target's share, as long as none of them had to make room, and returns it to
    /// them when the target is given up. One that was kept and died is replaced; meanwhile the target gets none of its traffic. Afterwards,
    /// the traffic goes to the target alone once it is complete, and until then to every healthy instance that wasn't rejected.
    /// </summary>
    private static List<Instance> Routed(Wanted wanted, List<Instance> target, List<Instance> others, bool givenUp)
    {
        var proven = others.Where(IsHealthy).ToList();
        var healthy = target.Where(IsHealthy).ToList();
        if (wanted.RejectsOthers) return healthy;
        if (wanted.Held is { } held && (KeepsAll(wanted) || proven.Count >= held))
            return wanted.Share == 0 || (wanted.Strict && givenUp)
                ? proven
                : wanted.Share == 100 && healthy.Count > 0 ? healthy : [.. healthy, .. proven];
        return wanted.Held is null && healthy.Count >= wanted.Desired ? healthy : [.. healthy, .. proven];
    }

    private static int MaxInstances(Wanted wanted) => MaxInstances(wanted.Desired, wanted.Limits);

    private static int MinHealthy(Wanted wanted) => MinHealthy(wanted.Desired, wanted.Limits);

    /// <summary><c>maximum</c> is rounded down and <c>minimum</c> up, as in ECS.</summary>
    private static int MaxInstances(int desired, Deployment limits) => Math.Max(desired, desired * limits.Maximum / 100);

    private static int MinHealthy(int desired, Deployment limits) => ((desired * limits.Minimum) + 99) / 100;

    private static bool IsHealthy(Instance instance) => instance.State == InstanceState.Healthy;
}
