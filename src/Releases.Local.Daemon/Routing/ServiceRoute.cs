namespace Releases.Local;

/// <summary>Where one service's requests go.</summary>
/// <param name="directPort">The port that is this service's own; null: it is reached by name only.</param>
/// <param name="targets">The processes that take its requests now, with their shares; none: nothing is ready.</param>
/// <param name="sticky">Whether a client stays with the process that answered it first.</param>
internal sealed class ServiceRoute(int? directPort, WeightedTargets targets, bool sticky = false)
{
    private uint _turn;

    /// <summary>A route to processes of equal weight.</summary>
    public ServiceRoute(int? directPort, IReadOnlyList<RouteTarget> targets, bool sticky = false)
        : this(directPort, new WeightedTargets([new(1, targets)]), sticky)
    {
    }

    public int? DirectPort { get; } = directPort;

    public WeightedTargets Weighted { get; } = targets;

    public IReadOnlyList<RouteTarget> Targets => Weighted.All;

    public bool IsSticky { get; } = sticky;

    /// <summary>The target with this id.</summary>
    internal RouteTarget? Find(string id)
    {
        foreach (var target in Targets)
            if (target.Id == id) return target;
        return null;
    }

    /// <summary>A target of the group whose turn it is, or of any group where that has none left; null if none is left at all.</summary>
    internal RouteTarget? Choose(List<RouteTarget>? except)
    {
        if (Targets.Count == 0) return null;
        var turn = Interlocked.Increment(ref _turn);
        var group = Weighted.Choose(turn);
        return LeastBusy(group, turn, except) ?? (group == Targets ? null : LeastBusy(Targets, turn, except));
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
}
