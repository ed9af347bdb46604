namespace Releases.Local;

/// <summary>Represents the processes that take a service's requests, in groups that share them by weight. It is immutable.</summary>
internal sealed class WeightedTargets : IEquatable<WeightedTargets>
{
    private readonly IReadOnlyList<TargetGroup> _all;
    private readonly IReadOnlyList<TargetGroup> _groups;
    private readonly uint _total;

    /// <param name="groups">The groups; those with a weight of 0 get only requests for their release.</param>
    public WeightedTargets(IEnumerable<TargetGroup> groups)
    {
        _all = [.. groups.Where(g => g.Targets.Count > 0)];
        _groups = [.. _all.Where(g => g.Weight > 0)];
        _total = (uint)_groups.Sum(g => g.Weight);
        Serving = _groups is [var only] ? only.Targets : [.. _groups.SelectMany(g => g.Targets)];
        All = _groups.Count == _all.Count ? Serving : [.. _all.SelectMany(g => g.Targets)];
    }

    /// <summary>Gets the processes of all groups.</summary>
    public IReadOnlyList<RouteTarget> All { get; }

    /// <summary>Gets the processes that get ordinary requests.</summary>
    public IReadOnlyList<RouteTarget> Serving { get; }

    /// <summary>
    /// Returns the processes for this turn, and the number of the turn among theirs. At any time, each of two groups has had its share of
    /// the turns to within one.
    /// </summary>
    public (IReadOnlyList<RouteTarget> Targets, uint Turn) Choose(uint turn)
    {
        if (_groups.Count < 2) return (Serving, turn);
        var (round, left, total) = (turn / _total, turn % _total, _total);
        for (var i = _groups.Count - 1; i > 0; i--)
        {
            var weight = (uint)_groups[i].Weight;
            var before = Share(left);
            if (Share(left + 1) > before) return (_groups[i].Targets, (round * weight) + before);
            // The other groups share the turns that this one doesn't take.
            (left, total) = (left - before, total - weight);

            uint Share(uint turns) => ((turns * weight) + (total / 2)) / total;
        }

        return (_groups[0].Targets, (round * (uint)_groups[0].Weight) + left);
    }

    public bool Equals(WeightedTargets? other) =>
        other is not null && _groups.Count == other._groups.Count && _all.Count == other._all.Count
        && _all.Zip(other._all).All(p =>
            (p.First.Weight == p.Second.Weight || (_groups.Count == 1 && p.First.Weight > 0 && p.Second.Weight > 0))
            && p.First.Targets.SequenceEqual(p.Second.Targets));

    public override bool Equals(object? obj) => Equals(obj as WeightedTargets);

    public override int GetHashCode() => HashCode.Combine(_groups.Count, All.Count);
}

/// <summary>Represents processes that share requests.</summary>
/// <param name="Weight">Their share relative to the other groups, or 0 for none.</param>
/// <param name="Targets">The processes.</param>
internal sealed record TargetGroup(int Weight, IReadOnlyList<RouteTarget> Targets);
