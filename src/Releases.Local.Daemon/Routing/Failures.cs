namespace Releases.Local;

/// <summary>The targets that one request failed at, and for how long it has been failing. Costs nothing where none fails.</summary>
internal struct Failures(TimeProvider time)
{
    private List<RouteTarget>? _targets;
    private long _since;

    public readonly IReadOnlyCollection<RouteTarget> Targets => (IReadOnlyCollection<RouteTarget>?)_targets ?? [];

    public readonly RouteTarget? Last => _targets?[^1];

    public void Add(RouteTarget target)
    {
        if (_targets is null) (_targets, _since) = ([], time.GetTimestamp());
        _targets.Add(target);
    }

    /// <summary>What is left of the patience since the first failure, not less than nothing.</summary>
    public readonly TimeSpan Left(TimeSpan patience)
    {
        var left = patience - (_targets is null ? TimeSpan.Zero : time.GetElapsedTime(_since));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
