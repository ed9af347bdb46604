namespace Releases.Local;

/// <summary>
/// Tracks the attempts to forward one request. It moves on from every process that accepts no connection. Once a process may have seen it,
/// no other gets it, because it may be what the process died of.
/// </summary>
internal struct Attempts(TimeProvider time)
{
    private List<RouteTarget>? _notConnected;
    private RouteTarget? _noResponse;
    private long _since;

    /// <summary>Gets the last process that accepted no connection.</summary>
    public readonly RouteTarget? Last => _notConnected?[^1];

    public readonly bool IsRepeated => _noResponse is not null;

    /// <summary>Returns the process to try next, or null if none is left.</summary>
    public readonly RouteTarget? Choose(ServiceRoute service, Preference wanted) => _noResponse ?? service.Choose(wanted, _notConnected);

    public void NotConnected(RouteTarget target)
    {
        if (_notConnected is null) (_notConnected, _since) = ([], time.GetTimestamp());
        _notConnected.Add(target);
    }

    public void NoResponse(RouteTarget target) => _noResponse = target;

    /// <summary>Returns the remaining patience since the first failure; never negative.</summary>
    public readonly TimeSpan Left(TimeSpan patience)
    {
        var left = patience - (_notConnected is null ? TimeSpan.Zero : time.GetElapsedTime(_since));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
