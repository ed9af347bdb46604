namespace Releases.Tool;

/// <summary>Specifies what a pending change does to one variable.</summary>
internal enum VariableChange
{
    None,
    Add,
    Change,
    Remove,
}

/// <summary>Represents an environment as the page shows it.</summary>
/// <param name="App">The app.</param>
/// <param name="From">The release whose environment it is: <c>latest</c> or <c>active</c>.</param>
/// <param name="Release">That release, or null before the first one.</param>
/// <param name="Now">Its environment.</param>
/// <param name="EnvironmentDraft">This window's pending change, or null if there is none.</param>
internal sealed record EnvironmentView(App App, string From, Release? Release, EnvironmentSet Now, EnvironmentDraft? EnvironmentDraft)
{
    /// <summary>The number of variables on a page. Pending changes of other pages are still named at the top.</summary>
    private const int PageSize = 100;

    public const string FilterName = "q";
    public const string ValuesName = "values";
    public const string DraftName = "draft";

    /// <summary>The number of variables above which a filter is worth showing.</summary>
    private const int WorthFiltering = 8;

    /// <summary>
    /// Gets the variable that is edited in its row, or null if there is none. The row stays if somebody else removes the variable, and on
    /// every page and with every filter, because what was typed there is not part of the pending change yet.
    /// </summary>
    public string? Row { get; init; }

    /// <summary>Gets the name with which the form that adds a variable begins, or null if it begins empty.</summary>
    public string? Added { get; init; }

    /// <summary>Gets whether the address names a pending change that the console no longer has.</summary>
    public bool IsDraftGone { get; init; }

    /// <summary>Gets the text that the names of shown variables contain, or null to show all of them.</summary>
    public string? Filter { get; init; }

    /// <summary>Gets whether the values of the pending change are shown.</summary>
    public bool ShowsValues { get; init; }

    /// <summary>Gets the message that the page shows once.</summary>
    public FlashMessage? Message { get; init; }

    /// <summary>Gets what was refused in a row, or null if nothing was.</summary>
    public FlashMessage? TypedInRow => Message is { Value: not null, IsRow: true } ? Message : null;

    /// <summary>Gets what was refused in the form that adds a variable, or null if nothing was.</summary>
    public FlashMessage? TypedInAdd => Message is { Value: not null, IsRow: false } ? Message : null;

    /// <summary>Gets the one variable that is shown with its value.</summary>
    public KeyValuePair<string, string>? Revealed { get; init; }

    /// <summary>Gets the pending changes of other windows.</summary>
    public IReadOnlyList<EnvironmentDraft> Others { get; init; } = [];

    /// <summary>Gets why no release can be promoted now, or null if one can.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Gets whether the latest and the active release differ, so that one of them has to be chosen.</summary>
    public bool HasChoice => App.Active is { } active && App.Latest != active;

    /// <summary>Gets what others have changed since the draft was started.</summary>
    public EnvironmentChange Meanwhile =>
        EnvironmentDraft is null ? EnvironmentChange.Between(Now, Now) : EnvironmentChange.Between(EnvironmentDraft.Shown, Now);

    /// <summary>Gets whether rows show their pending changes.</summary>
    public bool HasPending => EnvironmentDraft is { Pending.IsEmpty: false };

    public IReadOnlyList<string> Conflicts => EnvironmentDraft?.Conflicts(Now) ?? [];

    /// <summary>Gets the variable after which the page begins, or null for the first page.</summary>
    public string? After { get; init; }

    /// <summary>Gets the last variable on the page, or null if no more follow.</summary>
    public string? Last => Keys.Take(PageSize + 1).ToList() is { Count: > PageSize } more ? more[PageSize - 1] : null;

    /// <summary>Gets the current and pending variables on the page, each with its pending change.</summary>
    public IEnumerable<(string Key, VariableChange Pending)> Rows => OnPage.Select(key => (key, Pending(key, EnvironmentDraft?.Pending)));

    public bool CanFilter => Filter is not null || All.Skip(WorthFiltering).Any();

    /// <summary>Gets the query parameters that the filter form keeps as hidden fields.</summary>
    public IEnumerable<(string Name, string Value)> Kept => Query(EnvironmentDraft, null).Where(q => q.Name != FilterName);

    /// <summary>Returns the pending value of a variable if pending values are shown; otherwise null.</summary>
    public string? PendingValue(string key) =>
        ShowsValues && EnvironmentDraft is { } draft && draft.Sets(key) && draft.Edited.TryGet(key, out var value) ? value : null;

    /// <summary>Returns the address of this page with the given draft.</summary>
    public string Address(EnvironmentDraft? draft, string? after) =>
        $"/apps/{App.Name}/environment?{string.Join('&', Query(draft, after).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"))}";

    /// <summary>Determines whether somebody else removed a variable whose row is being edited.</summary>
    public bool IsGone(string key) => !Now.TryGet(key, out _) && EnvironmentDraft?.Pending.Added.Contains(key) != true;

    /// <summary>Opens the row of a variable, on the page that has it.</summary>
    public EnvironmentView AtRow(string key) => this with
    {
        Row = key,
        Added = null,
        After = All.ToList().IndexOf(key) is var at and >= PageSize ? All.ElementAt(at / PageSize * PageSize - 1) : null,
    };

    public static Cell CellOf(VariableChange change) => change switch
    {
        VariableChange.Add => new("add", TextStyle.Good),
        VariableChange.Change => new("change", TextStyle.Busy),
        VariableChange.Remove => new("remove", TextStyle.Bad),
        _ => new(""),
    };

    public Slice PendingChange(PageRequest request) =>
        new AspNetCoreGeneratedDocument.Console_Pages_PendingChange { Model = this, Request = request };

    public Slice Table(PageRequest request) =>
        new AspNetCoreGeneratedDocument.Console_Pages_EnvironmentRows { Model = this, Request = request };

    private IEnumerable<string> OnPage => Keys.Take(PageSize).Union(Row is { } row ? [row] : []).Order(StringComparer.Ordinal);

    private IEnumerable<string> Keys => All.Where(k => string.CompareOrdinal(k, After) > 0);

    private IEnumerable<string> All => Now.Keys.Union(EnvironmentDraft?.Pending.Added ?? [])
        .Where(k => Filter is null || k.Contains(Filter, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    private IEnumerable<(string Name, string Value)> Query(EnvironmentDraft? draft, string? after)
    {
        yield return ("from", draft?.From ?? From);
        if (draft is not null) yield return (DraftName, draft.Id);
        if (draft is not null && ShowsValues) yield return (ValuesName, "1");
        if (Filter is not null) yield return (FilterName, Filter);
        if (after is not null) yield return ("after", after);
    }

    private static VariableChange Pending(string key, EnvironmentChange? change) =>
        change is null ? VariableChange.None
        : change.Added.Contains(key) ? VariableChange.Add
        : change.Changed.Contains(key) ? VariableChange.Change
        : change.Removed.Contains(key) ? VariableChange.Remove
        : VariableChange.None;
}
