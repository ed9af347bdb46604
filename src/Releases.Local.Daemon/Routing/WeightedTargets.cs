namespace Releases.Local;

/// <summary>The processes that take a service's requests, in groups that share them by weight. Never changes.</summary>
internal sealed class WeightedTargets : IEquatable<WeightedTargets>
{
    /// <summary>Has no divisor in common with 100, so every position has its turn, and neighboring turns are far apart.</summary>
    private const uint Stride = 61;

    private readonly IReadOnlyList<TargetGroup> _all;
    private readonly IReadOnlyList<TargetGroup> _groups;
    private readonly uint _total;

    /// <param name="groups">Those with a weight of 0 get only the requests that ask for their release.</param>
    public WeightedTargets(IEnumerable<TargetGroup> groups)
    {
        _all = [.. groups.Where(g => g.Targets.Count > 0)];
        _groups = [.. _all.Where(g => g.Weight > 0)];
        _total = (uint)_groups.Sum(g => g.Weight);
        Serving = _groups is [var only] ? only.Targets : [.. _groups.SelectMany(g => g.Targets)];
        All = _groups.Count == _all.Count ? Serving : [.. _all.SelectMany(g => g.Targets)];
    }

    /// <summary>The processes of all groups.</summary>
    public IReadOnlyList<RouteTarget> All { get; }

    /// <summary>The processes that get requests of whoever comes.</summary>
    public IReadOnlyList<RouteTarget> Serving { get; }

    /// <summary>The processes that the request of this turn is for: over 100 turns, each group has its share.</summary>
    public IReadOnlyList<RouteTarget> Choose(uint turn)
    {
        if (_groups.Count < 2) return Serving;
        var position = (uint)((ulong)turn * Stride % _total);
        foreach (var group in _groups)
        {
            if (position < group.Weight) return group.Targets;
            position -= (uint)group.Weight;
        }

        return Serving;
    }

    public bool Equals(WeightedTargets? other) =>
        other is not null && _groups.Count == other._groups.Count && _all.Count == other._all.Count
        && _all.Zip(other._all).All(p =>
            (p.First.Weight == p.Second.Weight || (_groups.Count == 1 && p.First.Weight > 0 && p.Second.Weight > 0))
            && p.First.Targets.SequenceEqual(p.Second.Targets));

    public override bool Equals(object? obj) => Equals(obj as WeightedTargets);

    public override int GetHashCode() => HashCode.Combine(_groups.Count, All.Count);
}

/// <summary>Processes that take requests together.</summary>
/// <param name="Weight">Their share, as against that of the other groups; 0: none.</param>
/// <param name="Targets">The processes.</param>
internal sealed record TargetGroup(int Weight, IReadOnlyList<RouteTarget> Targets);
