namespace Releases.Local;

/// <summary>Where one service's requests go.</summary>
/// <param name="directPort">The port that is this service's own; null: it is reached by name only.</param>
/// <param name="targets">The processes that take its requests now; none: nothing is ready.</param>
/// <param name="sticky">Whether a client stays with the process that answered it first.</param>
internal sealed class ServiceRoute(int? directPort, IReadOnlyList<RouteTarget> targets, bool sticky = false)
{
    private uint _turn;

    public int? DirectPort { get; } = directPort;

    public IReadOnlyList<RouteTarget> Targets { get; } = targets;

    public bool IsSticky { get; } = sticky;

    /// <summary>The target with this id.</summary>
    internal RouteTarget? Find(string id)
    {
        foreach (var target in Targets)
            if (target.Id == id) return target;
        return null;
    }

    /// <summary>The target with the fewest requests in flight, in turn where they have as many; null where none is left.</summary>
    internal RouteTarget? Choose(List<RouteTarget>? except)
    {
        if (Targets.Count == 0) return null;
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)Targets.Count);
        RouteTarget? best = null;
        for (var i = 0; i < Targets.Count; i++)
        {
            var target = Targets[(first + i) % Targets.Count];
            if (except?.Contains(target) == true) continue;
            if (best is null || target.InFlight < best.InFlight) best = target;
        }

        return best;
    }
}
