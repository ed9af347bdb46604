namespace Releases.Tool;

/// <summary>An environment as it is shown.</summary>
/// <param name="App">The app.</param>
/// <param name="From"><c>latest</c> or <c>active</c>: whose environment it is.</param>
/// <param name="Release">That release; null before the first.</param>
/// <param name="Now">Its environment.</param>
/// <param name="EnvironmentDraft">What this window prepares; null: nothing.</param>
internal sealed record EnvironmentView(App App, string From, Release? Release, EnvironmentSet Now, EnvironmentDraft? EnvironmentDraft)
{
    /// <summary>With more of them a page would be large; pending ones are still named above it.</summary>
    private const int PageSize = 100;

    public const string FilterName = "q";
    public const string ValuesName = "values";

    /// <summary>Below as many variables the whole list is seen at a glance.</summary>
    private const int WorthFiltering = 8;

    /// <summary>The variable that is to be changed next.</summary>
    public string? Key { get; init; }

    /// <summary>The variable whose row is edited; null: none is.</summary>
    public string? Edited => Key is { } key && OnPage.Contains(key) ? key : null;

    /// <summary>What the names of the shown variables contain; null: all are shown.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether the values of the pending change are shown.</summary>
    public bool ShowsValues { get; init; }

    /// <summary>What the page says once.</summary>
    public FlashMessage? Message { get; init; }

    /// <summary>The one variable that is shown with its value.</summary>
    public KeyValuePair<string, string>? Revealed { get; init; }

    /// <summary>What other windows prepare.</summary>
    public IReadOnlyList<EnvironmentDraft> Others { get; init; } = [];

    /// <summary>Why nothing can be promoted now; null: something can.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Whether it has to be said which release is meant.</summary>
    public bool HasChoice => App.Active is { } active && App.Latest != active;

    /// <summary>What others changed since the draft was begun.</summary>
    public EnvironmentChange Meanwhile =>
        EnvironmentDraft is null ? EnvironmentChange.Between(Now, Now) : EnvironmentChange.Between(EnvironmentDraft.Shown, Now);

    /// <summary>Whether the rows say what is to become of them.</summary>
    public bool HasPending => EnvironmentDraft is { Pending.IsEmpty: false };

    public IReadOnlyList<string> Conflicts => EnvironmentDraft?.Conflicts(Now) ?? [];

    /// <summary>The variable that the page begins after; null: it is the first page.</summary>
    public string? After { get; init; }

    /// <summary>The last variable of the page where there are more.</summary>
    public string? Last => Keys.Take(PageSize + 1).ToList() is { Count: > PageSize } more ? more[PageSize - 1] : null;

    /// <summary>The variables that there are or are to be, each with what is to become of it.</summary>
    public IEnumerable<(string Key, Cell Pending)> Rows => OnPage.Select(key => (key, Pending(key, EnvironmentDraft?.Pending)));

    public bool CanFilter => Filter is not null || All.Skip(WorthFiltering).Any();

    /// <summary>What a form that asks for another part of the page carries in its fields.</summary>
    public IEnumerable<(string Name, string Value)> Kept => Query(EnvironmentDraft, null).Where(q => q.Name != FilterName);

    /// <summary>The value that a variable is to get, where pending values are shown; else null.</summary>
    public string? PendingValue(string key) =>
        ShowsValues && EnvironmentDraft is { } draft && draft.Sets(key) && draft.Edited.TryGet(key, out var value) ? value : null;

    /// <summary>Where this page is, with this draft or with another.</summary>
    public string Address(EnvironmentDraft? draft, string? after) =>
        $"/apps/{App.Name}/environment?{string.Join('&', Query(draft, after).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"))}";

    /// <summary>The same page with the page of a variable, unless it shows another one on request.</summary>
    public EnvironmentView AtKey() => Key is { } key && After is null && All.ToList().IndexOf(key) is var at and >= PageSize
        ? this with { After = All.ElementAt(at / PageSize * PageSize - 1) }
        : this;

    public Slice PendingChange(PageRequest request) =>
        new AspNetCoreGeneratedDocument.Console_Pages_PendingChange { Model = this, Request = request };

    public Slice Table(PageRequest request) =>
        new AspNetCoreGeneratedDocument.Console_Pages_EnvironmentRows { Model = this, Request = request };

    private IEnumerable<string> OnPage => Keys.Take(PageSize);

    private IEnumerable<string> Keys => All.Where(k => string.CompareOrdinal(k, After) > 0);

    private IEnumerable<string> All => Now.Keys.Union(EnvironmentDraft?.Pending.Added ?? [])
        .Where(k => Filter is null || k.Contains(Filter, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    private IEnumerable<(string Name, string Value)> Query(EnvironmentDraft? draft, string? after)
    {
        yield return ("from", draft?.From ?? From);
        if (draft is not null) yield return ("draft", draft.Id);
        if (draft is not null && ShowsValues) yield return (ValuesName, "1");
        if (Filter is not null) yield return (FilterName, Filter);
        if (after is not null) yield return ("after", after);
    }

    private static Cell Pending(string key, EnvironmentChange? change) =>
        change is null ? new("")
        : change.Added.Contains(key) ? new("add", TextStyle.Good)
        : change.Changed.Contains(key) ? new("change", TextStyle.Busy)
        : change.Removed.Contains(key) ? new("remove", TextStyle.Bad)
        : new Cell("");
}
