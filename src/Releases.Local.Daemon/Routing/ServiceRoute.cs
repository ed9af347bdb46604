namespace Releases.Local;

/// <summary>Represents the route of a service's requests.</summary>
/// <param name="directPort">The service's own port, or null if it is reached only by name.</param>
/// <param name="targets">The processes that take its requests now, with their shares; empty if none is ready.</param>
/// <param name="sticky">Whether a client stays with the process that first answered it.</param>
/// <param name="promotion">The promotion whose release runs beside the one that serves, or null if there is none.</param>
internal sealed class ServiceRoute(int? directPort, WeightedTargets targets, bool sticky = false, PromotionId? promotion = null)
{
    private readonly ReleaseTargets[] _releases = promotion is null ? [] : ReleaseTargets.Of(targets);
    private uint _turn;

    /// <summary>
    /// The number of requests whose client had no preference. Others don't count, or a client's own number of requests would decide where
    /// the next one goes.
    /// </summary>
    private uint _assigned;

    /// <summary>Creates a route to processes of equal weight.</summary>
    public ServiceRoute(int? directPort, IReadOnlyList<RouteTarget> targets, bool sticky = false)
        : this(directPort, new WeightedTargets([new(1, targets)]), sticky)
    {
    }

    public int? DirectPort { get; } = directPort;

    public WeightedTargets Weighted { get; } = targets;

    public bool IsSticky { get; } = sticky;

    public PromotionId? Promotion { get; } = promotion;

    /// <summary>Gets whether ordinary requests may be answered by several releases.</summary>
    public bool ServesSeveral => _releases.Count(r => r.Serves) > 1;

    /// <summary>
    /// Returns the process for a request: one of the requested release, or else the one that its client was with, or else one of the
    /// release that its client has seen, or else one of the group whose turn it is. Returns null if none is left.
    /// </summary>
    /// <param name="wanted">The client's preference, which counts only for processes in the route.</param>
    /// <param name="except">The processes that accepted no connection.</param>
    internal RouteTarget? Choose(Preference wanted, List<RouteTarget>? except)
    {
        var turn = Interlocked.Increment(ref _turn);
        return (wanted.Asked is { } asked ? OfRelease(asked, turn, except, onlyServing: false) : null)
            ?? (wanted.Process is { } process ? Find(process, except) : null)
            ?? (wanted.Version is { } version && Promotion is { } promotion && VersionCookie.Read(version, promotion) is { } met
                ? OfRelease(met, turn, except, onlyServing: true) : null)
            ?? OfAny(except);
    }

    private RouteTarget? OfAny(List<RouteTarget>? except)
    {
        if (Weighted.Serving.Count == 0) return null;
        var (group, turn) = Weighted.Choose(except is null ? Interlocked.Increment(ref _assigned) : Volatile.Read(ref _assigned));
        return LeastBusy(group, turn, except) ?? (group == Weighted.Serving ? null : LeastBusy(Weighted.Serving, turn, except));
    }

    private RouteTarget? OfRelease(ReleaseId release, uint turn, List<RouteTarget>? except, bool onlyServing)
    {
        foreach (var known in _releases)
            if (known.Release == release && (known.Serves || !onlyServing)) return LeastBusy(known.Targets, turn, except);
        return null;
    }

    private RouteTarget? Find(string process, List<RouteTarget>? except)
    {
        foreach (var target in Weighted.Serving)
            if (target.Id == process && except?.Contains(target) != true) return target;
        return null;
    }

    /// <summary>Returns the target with the fewest requests in flight, in turn among equals.</summary>
    private static RouteTarget? LeastBusy(IReadOnlyList<RouteTarget> targets, uint turn, List<RouteTarget>? except)
    {
        var first = (int)(turn % (uint)targets.Count);
        RouteTarget? best = null;
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[(first + i) % targets.Count];
            if (except?.Contains(target) == true) continue;
            if (best is null || target.InFlight < best.InFlight) best = target;
        }

        return best;
    }

    /// <summary>Represents the processes of a release.</summary>
    private sealed record ReleaseTargets(ReleaseId Release, RouteTarget[] Targets, bool Serves)
    {
        /// <summary>
        /// Returns the processes by release: those that serve, if there are any, because a process under test takes no part of their load.
        /// </summary>
        public static ReleaseTargets[] Of(WeightedTargets targets) =>
        [
            .. targets.All.Where(t => t.Release is not null).GroupBy(t => t.Release!.Value)
                .Select(g => g.Where(targets.Serving.Contains).ToArray() is { Length: > 0 } serving
                ? new ReleaseTargets(g.Key, serving, true) : new(g.Key, [.. g], false)),
        ];
    }
}
