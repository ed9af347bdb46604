namespace Releases.Local;

/// <summary>The processes that take a service's requests, in groups that share them by weight. Never changes.</summary>
internal sealed class WeightedTargets : IEquatable<WeightedTargets>
{
    /// <summary>Has no divisor in common with 100, so every position has its turn, and neighboring turns are far apart.</summary>
    private const uint Stride = 61;

    private readonly IReadOnlyList<TargetGroup> _groups;
    private readonly uint _total;

    /// <param name="groups">Those without a process or with a weight of 0 get no requests.</param>
    public WeightedTargets(IEnumerable<TargetGroup> groups)
    {
        _groups = [.. groups.Where(g => g is { Weight: > 0, Targets.Count: > 0 })];
        _total = (uint)_groups.Sum(g => g.Weight);
        All = _groups is [var only] ? only.Targets : [.. _groups.SelectMany(g => g.Targets)];
    }

    /// <summary>The processes of all groups.</summary>
    public IReadOnlyList<RouteTarget> All { get; }

    /// <summary>The processes that the request of this turn is for: over 100 turns, each group has its share.</summary>
    public IReadOnlyList<RouteTarget> Choose(uint turn)
    {
        if (_groups.Count < 2) return All;
        var position = (uint)((ulong)turn * Stride % _total);
        foreach (var group in _groups)
        {
            if (position < group.Weight) return group.Targets;
            position -= (uint)group.Weight;
        }

        return All;
    }

    public bool Equals(WeightedTargets? other) =>
        other is not null && _groups.Count == other._groups.Count
        && _groups.Zip(other._groups).All(p => (p.First.Weight == p.Second.Weight || _groups.Count == 1) && p.First.Targets.SequenceEqual(p.Second.Targets));

    public override bool Equals(object? obj) => Equals(obj as WeightedTargets);

    public override int GetHashCode() => HashCode.Combine(_groups.Count, All.Count);
}

/// <summary>Processes that take requests together.</summary>
/// <param name="Weight">Their share, as against that of the other groups; 0: none.</param>
/// <param name="Targets">The processes.</param>
internal sealed record TargetGroup(int Weight, IReadOnlyList<RouteTarget> Targets);
