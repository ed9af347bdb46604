namespace Releases.Tool;

/// <summary>
/// Represents a pending change of an environment. It stays in the console's memory, so that no page has to carry its values. Each window
/// has its own draft; if two windows show the same one, the revision tells whether a form was filled in with its current content.
/// </summary>
/// <param name="Id">The id of the draft in the window's addresses.</param>
/// <param name="App">The app.</param>
/// <param name="From">The base release: <c>latest</c> or <c>active</c>.</param>
/// <param name="Shown">The environment at the time when the draft was started.</param>
/// <param name="Edited">The environment after the change.</param>
internal sealed record EnvironmentDraft(string Id, AppName App, string From, EnvironmentSet Shown, EnvironmentSet Edited)
{
    /// <summary>Gets warnings about the last edit, such as what it left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Gets the number of edits.</summary>
    public int Revision { get; init; }

    /// <summary>Gets the pending change.</summary>
    public EnvironmentChange Pending => EnvironmentChange.Between(Shown, Edited);

    /// <summary>Gets whether the draft sets values, rather than only removing variables.</summary>
    public bool HasValues => Pending is { Added.Count: > 0 } or { Changed.Count: > 0 };

    public EnvironmentEdit Edit => EnvironmentEdit.From(Shown, Edited);

    public static EnvironmentDraft Begin(AppName app, string from, EnvironmentSet shown) =>
        new(Sessions.NewSecret()[..12], app, from, shown, shown);

    public EnvironmentDraft Set(IReadOnlyCollection<KeyValuePair<string, string>> variables) => Next(Edited.With(variables, [])) with
    {
        Notes = [.. variables.Select(v => AspNetListenVariables.WarningOfValue(v.Key)).OfType<string>()],
    };

    /// <summary>Sets the pasted variables and keeps the warnings about their lines.</summary>
    public EnvironmentDraft SetPasted(string lines)
    {
        var notes = new List<string>();
        var draft = Set(PastedVariables.Read(lines, notes.Add));
        return draft with { Notes = [.. notes, .. draft.Notes] };
    }

    /// <summary>Determines whether the draft gives a variable a new value.</summary>
    public bool Sets(string key) => Edit.Set.Any(v => v.Key == key);

    public EnvironmentDraft Remove(string key) => Next(Edited.With([], [key]));

    /// <summary>Undoes the change of a variable.</summary>
    public EnvironmentDraft Undo(string key) => Shown.TryGet(key, out var value) ? Set([new(key, value)]) : Remove(key);

    /// <summary>Returns the same change applied to the current environment.</summary>
    public EnvironmentDraft On(EnvironmentSet now) => Next(now.With(Edit.Set, Edit.Unset)) with { Shown = now };

    /// <summary>
    /// Returns the change applied to the current environment, without the variables that someone else changed differently.
    /// </summary>
    public EnvironmentDraft WithoutConflicts(EnvironmentSet now)
    {
        var conflicts = Conflicts(now);
        return Next(now.With([.. Edit.Set.Where(v => !conflicts.Contains(v.Key))], [.. Edit.Unset.Except(conflicts)])) with { Shown = now };
    }

    /// <summary>
    /// Returns the same change for another release. Its values of the same variables aren't conflicts: they belong to another release, not
    /// to another person's edit.
    /// </summary>
    public EnvironmentEdit EditFor(EnvironmentSet other) => Edit with { Shown = other };

    /// <summary>Returns the variables that both this draft and someone else changed, to different values.</summary>
    public IReadOnlyList<string> Conflicts(EnvironmentSet now)
    {
        var (mine, theirs) = (Pending, EnvironmentChange.Between(Shown, now));
        return [.. Keys(mine).Intersect(Keys(theirs))
            .Where(k => (Edited.TryGet(k, out var a) ? a : null) != (now.TryGet(k, out var b) ? b : null))];
    }

    private EnvironmentDraft Next(EnvironmentSet edited) => this with { Edited = edited, Revision = Revision + 1, Notes = [] };

    private static IEnumerable<string> Keys(EnvironmentChange change) => [.. change.Added, .. change.Changed, .. change.Removed];
}
