namespace Releases.Tool;

/// <summary>
/// A change of an environment that somebody prepares. It stays in the memory of the console, so that no page has to carry its values.
/// </summary>
/// <param name="From">The base: <c>latest</c> or <c>active</c>.</param>
/// <param name="Shown">The environment when it was begun.</param>
/// <param name="Edited">The environment as it is to be.</param>
internal sealed record Draft(string From, EnvironmentSet Shown, EnvironmentSet Edited)
{
    /// <summary>What it changes.</summary>
    public EnvironmentChange Pending => EnvironmentChange.Between(Shown, Edited);

    public EnvironmentEdit Edit => EnvironmentEdit.From(Shown, Edited);

    public Draft Set(IEnumerable<KeyValuePair<string, string>> variables) => this with { Edited = Edited.With(variables, []) };

    public Draft Remove(string key) => this with { Edited = Edited.With([], [key]) };

    /// <summary>Leaves a variable as it was.</summary>
    public Draft Undo(string key) => Shown.TryGet(key, out var value) ? Set([new(key, value)]) : Remove(key);

    /// <summary>The same change of what is there now.</summary>
    public Draft On(EnvironmentSet now) => this with { Shown = now, Edited = now.With(Edit.Set, Edit.Unset) };

    /// <summary>The variables that both this and somebody else changed, in different ways.</summary>
    public IReadOnlyList<string> Conflicts(EnvironmentSet now)
    {
        var (mine, theirs) = (Pending, EnvironmentChange.Between(Shown, now));
        return [.. Keys(mine).Intersect(Keys(theirs)).Where(k => (Edited.TryGet(k, out var a) ? a : null) != (now.TryGet(k, out var b) ? b : null))];
    }

    private static IEnumerable<string> Keys(EnvironmentChange change) => [.. change.Added, .. change.Changed, .. change.Removed];
}
