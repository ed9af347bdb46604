using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The variables of an app: masked, changed in a draft, and made a release of.</summary>
internal static class EnvironmentPage
{
    public const string Latest = "latest";
    public const string Active = "active";

    public static async Task<IResult> Show(Visit visit) => await Show(visit, await Read(visit));

    /// <summary>One button of the page was pressed; which one its name says.</summary>
    public static async Task<IResult> Change(Visit visit)
    {
        var seen = await Read(visit);
        if (visit.Field("reveal") is { } revealed) return await Reveal(visit, seen, revealed);
        if (visit.Field("do") is "save" or "apply")
            return await EnvironmentButton.Press(visit, seen, toPromote: visit.Field("do") is "apply", conflict => Show(visit, seen with { Problem = conflict }, StatusCodes.Status409Conflict));
        Keep(visit, Changed(visit, seen));
        return new SeeOther(Address(seen));
    }

    public static string Address(EnvironmentView seen) => $"/apps/{seen.App.Name}/environment?from={seen.From}";

    private static async Task<IResult> Show(Visit visit, EnvironmentView seen, int status = StatusCodes.Status200OK) =>
        new Page($"Environment of {seen.App.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Environment { Model = seen, Visit = visit })
        {
            Status = status,
            Standing = await Standing.Of(seen.App, visit.Store, visit.Cancel),
            Tab = "environment",
        };

    /// <summary>What is there now, and the draft where there is one.</summary>
    private static async Task<EnvironmentView> Read(Visit visit)
    {
        var app = await visit.App();
        var draft = visit.Session!.Drafts.GetValueOrDefault(app.Name);
        var from = draft?.From ?? (visit.Query("from") == Active && app.Active is not null ? Active : Latest);
        var id = from == Active ? app.Active : app.Latest;
        var release = id is { } there ? await visit.Store.RequireRelease(app.Name, there, visit.Cancel) : null;
        return new(app, from, release, release is null ? EnvironmentSet.Empty : await visit.Rack.ReadEnvironment(release, visit.Cancel), draft, visit.Query("key")) { After = visit.Query("after") };
    }

    private static Draft? Changed(Visit visit, EnvironmentView seen)
    {
        var draft = seen.Draft ?? new Draft(seen.From, seen.Now, seen.Now);
        if (visit.Field("remove") is { } removed) return draft.Remove(removed);
        if (visit.Field("undo") is { } undone) return draft.Undo(undone);
        return visit.Field("do") switch
        {
            "set" => draft.Set([new(visit.Field("key")?.Trim() ?? "", Typed(visit, "value"))]),
            "paste" => draft.Set(EnvironmentText.Read(new StringReader(Typed(visit, "lines")), "what was pasted")),
            "again" => draft.On(seen.Now),
            "discard" => null,
            var unknown => throw new RefusedException(StatusCodes.Status400BadRequest, $"The page has no button '{Cell.OneLine(unknown ?? "")}'."),
        };
    }

    private static void Keep(Visit visit, Draft? draft)
    {
        if (draft is null || draft.Pending.IsEmpty) visit.Session!.Drafts.TryRemove(visit.AppName, out _);
        else visit.Session!.Drafts[visit.AppName] = draft;
    }

    /// <summary>Shows one value in the answer to the form, never under an address, and writes down who looked at which.</summary>
    private static async Task<IResult> Reveal(Visit visit, EnvironmentView seen, string key)
    {
        if (!seen.Now.TryGet(key, out var value))
            throw new Problem(ProblemCode.NotFound, $"{seen.App.Name} has no variable {key}.", "Load the page again to see which there are.").ToException();
        var what = new Event { At = visit.Now, Kind = EventKind.Revealed, By = visit.Site.By, Release = seen.Release?.Id, Detail = key };
        await visit.Store.ChangeApp(seen.App.Name, app => app, what, CancellationToken.None);
        return await Show(visit, seen with { Revealed = new(key, value) });
    }

    /// <summary>Browsers end the lines of a form in their own way.</summary>
    private static string Typed(Visit visit, string field) => (visit.Field(field) ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);
}

/// <summary>An environment as it is shown.</summary>
/// <param name="App">The app.</param>
/// <param name="From"><c>latest</c> or <c>active</c>: whose environment it is.</param>
/// <param name="Release">That release; null before the first.</param>
/// <param name="Now">Its environment.</param>
/// <param name="Draft">What somebody prepares; null: nothing.</param>
/// <param name="Key">The variable that is to be changed next.</param>
internal sealed record EnvironmentView(App App, string From, Release? Release, EnvironmentSet Now, Draft? Draft, string? Key)
{
    /// <summary>With more of them a page would be large; those that are pending are named above it all the same.</summary>
    private const int PageSize = 100;

    /// <summary>The one variable that is shown with its value.</summary>
    public KeyValuePair<string, string>? Revealed { get; init; }

    /// <summary>Why what was asked for was not done.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether it has to be said which release is meant.</summary>
    public bool HasChoice => App.Active is { } active && App.Latest != active;

    /// <summary>What others changed since the draft was begun.</summary>
    public EnvironmentChange Meanwhile => Draft is null ? EnvironmentChange.Between(Now, Now) : EnvironmentChange.Between(Draft.Shown, Now);

    public IReadOnlyList<string> Conflicts => Draft?.Conflicts(Now) ?? [];

    /// <summary>The variable that the page begins after; null: it is the first page.</summary>
    public string? After { get; init; }

    /// <summary>The last variable of the page where there are more.</summary>
    public string? Last => Keys.Take(PageSize + 1).ToList() is { Count: > PageSize } more ? more[PageSize - 1] : null;

    /// <summary>The variables that there are or are to be, each with what is to become of it.</summary>
    public IEnumerable<(string Key, Cell Pending)> Rows => Keys.Take(PageSize).Select(key => (key, Pending(key, Draft?.Pending)));

    private IEnumerable<string> Keys =>
        Now.Keys.Union(Draft?.Pending.Added ?? []).Order(StringComparer.Ordinal).Where(k => string.CompareOrdinal(k, After) > 0);

    private static Cell Pending(string key, EnvironmentChange? change) =>
        change is null ? new("")
        : change.Added.Contains(key) ? new("add", Tone.Good)
        : change.Changed.Contains(key) ? new("change", Tone.Busy)
        : change.Removed.Contains(key) ? new("remove", Tone.Bad)
        : new Cell("");
}
