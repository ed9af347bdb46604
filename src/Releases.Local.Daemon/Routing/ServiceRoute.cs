namespace Releases.Local;

/// <summary>Where one service's requests go.</summary>
/// <param name="directPort">The port that is this service's own; null: it is reached by name only.</param>
/// <param name="targets">The processes that take its requests now, with their shares; none: nothing is ready.</param>
/// <param name="sticky">Whether a client stays with the process that answered it first.</param>
/// <param name="promotion">The promotion that brings another release beside the one that serves; null: none.</param>
internal sealed class ServiceRoute(int? directPort, WeightedTargets targets, bool sticky = false, PromotionId? promotion = null)
{
    private readonly ReleaseTargets[] _releases = promotion is null ? [] : ReleaseTargets.Of(targets);
    private uint _turn;

    /// <summary>A route to processes of equal weight.</summary>
    public ServiceRoute(int? directPort, IReadOnlyList<RouteTarget> targets, bool sticky = false)
        : this(directPort, new WeightedTargets([new(1, targets)]), sticky)
    {
    }

    public int? DirectPort { get; } = directPort;

    public WeightedTargets Weighted { get; } = targets;

    public bool IsSticky { get; } = sticky;

    public PromotionId? Promotion { get; } = promotion;

    /// <summary>Whether whoever comes may be answered by one release or another.</summary>
    public bool ServesSeveral => _releases.Count(r => r.Serves) > 1;

    /// <summary>
    /// The process that a request goes to: one of the release that it asks for, else the one that its client was with, else one of the
    /// release that its client has met, else one of the group whose turn it is. Null: none is left at all.
    /// </summary>
    /// <param name="wanted">Where the client wants it to go. Only what is in the route counts.</param>
    /// <param name="except">Those that took no connection.</param>
    internal RouteTarget? Choose(Preference wanted, List<RouteTarget>? except)
    {
        var turn = Interlocked.Increment(ref _turn);
        return (wanted.Asked is { } asked ? OfRelease(asked, turn, except, onlyServing: false) : null)
            ?? (wanted.Process is { } process ? Find(process, except) : null)
            ?? (wanted.Version is { } version && Promotion is { } promotion && VersionCookie.Read(version, promotion) is { } met
                ? OfRelease(met, turn, except, onlyServing: true) : null)
            ?? OfAny(turn, except);
    }

    private RouteTarget? OfAny(uint turn, List<RouteTarget>? except)
    {
        if (Weighted.Serving.Count == 0) return null;
        var group = Weighted.Choose(turn);
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

    /// <summary>The target with the fewest requests in flight, in turn where they have as many.</summary>
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

    /// <summary>The processes of a release.</summary>
    private sealed record ReleaseTargets(ReleaseId Release, RouteTarget[] Targets, bool Serves)
    {
        /// <summary>Of those that serve where there are any: a process that is only tried has no part in the others' load.</summary>
        public static ReleaseTargets[] Of(WeightedTargets targets) =>
        [
            .. targets.All.Where(t => t.Release is not null).GroupBy(t => t.Release!.Value)
                .Select(g => g.Where(targets.Serving.Contains).ToArray() is { Length: > 0 } serving
                ? new ReleaseTargets(g.Key, serving, true) : new(g.Key, [.. g], false)),
        ];
    }
}
