namespace Releases;

/// <summary>Represents a change to an environment, applied to whatever the environment is at that moment.</summary>
/// <param name="Set">Keys and values to set.</param>
/// <param name="Unset">Keys to remove; a missing key is ignored.</param>
/// <param name="Replace">Whether keys that aren't set are removed.</param>
public sealed record EnvironmentEdit(
    IReadOnlyCollection<KeyValuePair<string, string>> Set, IReadOnlyCollection<string> Unset, bool Replace = false)
{
    /// <summary>The values that were shown when the change was made, or null if it applies to any.</summary>
    public EnvironmentSet? Shown { get; init; }

    /// <summary>Returns the change from the environment that was shown to the one that a person made of it.</summary>
    public static EnvironmentEdit From(EnvironmentSet shown, EnvironmentSet edited)
    {
        var change = EnvironmentChange.Between(shown, edited);
        var set = change.Added.Concat(change.Changed).ToHashSet(StringComparer.Ordinal);
        return new([.. edited.Where(v => set.Contains(v.Key))], change.Removed) { Shown = shown };
    }

    /// <summary>
    /// Returns the changed environment. Fails with <see cref="ProblemCode.ChangedMeanwhile"/> if the current value of an edited key isn't
    /// the one that was shown; changes to other keys are kept.
    /// </summary>
    public EnvironmentSet ApplyTo(EnvironmentSet before)
    {
        var after = (Replace ? EnvironmentSet.Empty : before).With(Set, Unset);
        if (Shown is { } shown
            && Set.Select(v => v.Key).Concat(Unset).Where(k => Differs(k, before, shown) && Differs(k, before, after))
                .ToList() is { Count: > 0 } lost)
            throw new Problem(
                ProblemCode.ChangedMeanwhile, $"{string.Join(", ", lost)} changed while you were editing, so nothing was saved.",
                "Review the new values, then make your change again.").ToException();
        return after;
    }

    private static bool Differs(string key, EnvironmentSet one, EnvironmentSet two) =>
        (one.TryGet(key, out var a) ? a : null) != (two.TryGet(key, out var b) ? b : null);

    /// <summary>Returns counts, and no values.</summary>
    public override string ToString() => $"set {Set.Count}, unset {Unset.Count}{(Replace ? ", replace" : "")}";
}
