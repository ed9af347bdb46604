namespace Releases.Tool;

/// <summary>
/// A change of an environment that somebody prepares in a window. It stays in the memory of the console, so that no page has to carry
/// its values. Each window has its own; where two show the same one, the revision says whether a form was filled in at what is there.
/// </summary>
/// <param name="Id">What the window's addresses name it by.</param>
/// <param name="App">The app.</param>
/// <param name="From">The base: <c>latest</c> or <c>active</c>.</param>
/// <param name="Shown">The environment when it was begun.</param>
/// <param name="Edited">The environment as it is to be.</param>
internal sealed record EnvironmentDraft(string Id, AppName App, string From, EnvironmentSet Shown, EnvironmentSet Edited)
{
    /// <summary>What the last change left out, or what is odd about it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How often it was edited.</summary>
    public int Revision { get; init; }

    /// <summary>What it changes.</summary>
    public EnvironmentChange Pending => EnvironmentChange.Between(Shown, Edited);

    /// <summary>Whether it sets a variable to a value, rather than only removing some.</summary>
    public bool HasValues => Pending is { Added.Count: > 0 } or { Changed.Count: > 0 };

    public EnvironmentEdit Edit => EnvironmentEdit.From(Shown, Edited);

    public static EnvironmentDraft Begin(AppName app, string from, EnvironmentSet shown) =>
        new(Sessions.NewSecret()[..12], app, from, shown, shown);

    public EnvironmentDraft Set(IReadOnlyCollection<KeyValuePair<string, string>> variables) => Next(Edited.With(variables, [])) with
    {
        Notes = [.. variables.Select(v => v.Key).Where(AspNetListenVariables.Contains).Select(AspNetListenVariables.Warning)],
    };

    /// <summary>Sets what was pasted, with what was found of its lines.</summary>
    public EnvironmentDraft SetPasted(string lines)
    {
        var notes = new List<string>();
        var draft = Set(PastedVariables.Read(lines, notes.Add));
        return draft with { Notes = [.. notes, .. draft.Notes] };
    }

    /// <summary>Whether it gives a variable a value that it doesn't have.</summary>
    public bool Sets(string key) => Edit.Set.Any(v => v.Key == key);

    public EnvironmentDraft Remove(string key) => Next(Edited.With([], [key]));

    /// <summary>Leaves a variable as it was.</summary>
    public EnvironmentDraft Undo(string key) => Shown.TryGet(key, out var value) ? Set([new(key, value)]) : Remove(key);

    /// <summary>The same change of what is there now.</summary>
    public EnvironmentDraft On(EnvironmentSet now) => Next(now.With(Edit.Set, Edit.Unset)) with { Shown = now };

    /// <summary>The rest of the change of what is there now, without what somebody else changed in another way.</summary>
    public EnvironmentDraft WithoutConflicts(EnvironmentSet now)
    {
        var conflicts = Conflicts(now);
        return Next(now.With([.. Edit.Set.Where(v => !conflicts.Contains(v.Key))], [.. Edit.Unset.Except(conflicts)])) with { Shown = now };
    }

    /// <summary>
    /// The same change for another release, whose environment nobody has edited meanwhile: what it holds for the same variables is
    /// another release's, not another person's.
    /// </summary>
    public EnvironmentEdit EditFor(EnvironmentSet other) => Edit with { Shown = other };

    /// <summary>The variables that both this and somebody else changed, in different ways.</summary>
    public IReadOnlyList<string> Conflicts(EnvironmentSet now)
    {
        var (mine, theirs) = (Pending, EnvironmentChange.Between(Shown, now));
        return [.. Keys(mine).Intersect(Keys(theirs))
            .Where(k => (Edited.TryGet(k, out var a) ? a : null) != (now.TryGet(k, out var b) ? b : null))];
    }

    private EnvironmentDraft Next(EnvironmentSet edited) => this with { Edited = edited, Revision = Revision + 1, Notes = [] };

    private static IEnumerable<string> Keys(EnvironmentChange change) => [.. change.Added, .. change.Changed, .. change.Removed];
}
