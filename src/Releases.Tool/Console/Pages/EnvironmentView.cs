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

    /// <summary>The variable that is to be changed next.</summary>
    public string? Key { get; init; }

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

    public IReadOnlyList<string> Conflicts => EnvironmentDraft?.Conflicts(Now) ?? [];

    /// <summary>The variable that the page begins after; null: it is the first page.</summary>
    public string? After { get; init; }

    /// <summary>The last variable of the page where there are more.</summary>
    public string? Last => Keys.Take(PageSize + 1).ToList() is { Count: > PageSize } more ? more[PageSize - 1] : null;

    /// <summary>The variables that there are or are to be, each with what is to become of it.</summary>
    public IEnumerable<(string Key, Cell Pending)> Rows =>
        Keys.Take(PageSize).Select(key => (key, Pending(key, EnvironmentDraft?.Pending)));

    /// <summary>Where this page is, with this draft or with another.</summary>
    public string Address(EnvironmentDraft? draft, string? after)
    {
        var query = $"?from={draft?.From ?? From}";
        if (draft is not null) query += $"&draft={draft.Id}";
        if (after is not null) query += $"&after={Uri.EscapeDataString(after)}";
        return $"/apps/{App.Name}/environment{query}";
    }

    private IEnumerable<string> Keys =>
        Now.Keys.Union(EnvironmentDraft?.Pending.Added ?? []).Order(StringComparer.Ordinal).Where(k => string.CompareOrdinal(k, After) > 0);

    private static Cell Pending(string key, EnvironmentChange? change) =>
        change is null ? new("")
        : change.Added.Contains(key) ? new("add", TextStyle.Good)
        : change.Changed.Contains(key) ? new("change", TextStyle.Busy)
        : change.Removed.Contains(key) ? new("remove", TextStyle.Bad)
        : new Cell("");
}
