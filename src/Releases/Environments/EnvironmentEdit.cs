namespace Releases;

/// <summary>A change that is applied to the environment as it is when it is applied.</summary>
/// <param name="Set">Keys and values to set.</param>
/// <param name="Unset">Keys to remove; a missing one is no error.</param>
/// <param name="Replace">Whether everything that is not set goes.</param>
public sealed record EnvironmentEdit(
    IReadOnlyCollection<KeyValuePair<string, string>> Set, IReadOnlyCollection<string> Unset, bool Replace = false)
{
    /// <summary>The values that were shown when the change was made; null: it applies to any.</summary>
    public EnvironmentSet? Shown { get; init; }

    /// <summary>What it takes to come from what was shown to what a person made of it.</summary>
    public static EnvironmentEdit From(EnvironmentSet shown, EnvironmentSet edited)
    {
        var change = EnvironmentChange.Between(shown, edited);
        var set = change.Added.Concat(change.Changed).ToHashSet(StringComparer.Ordinal);
        return new([.. edited.Where(v => set.Contains(v.Key))], change.Removed) { Shown = shown };
    }

    /// <summary>
    /// The environment after it. Fails with <see cref="ProblemCode.ChangedMeanwhile"/> if one of its keys is not as it was shown;
    /// other changed keys stay as they are.
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

    /// <summary>Prints no value.</summary>
    public override string ToString() => $"set {Set.Count}, unset {Unset.Count}{(Replace ? ", replace" : "")}";
}
