using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Lists the releases of an app a page at a time: the newest, the results of a search, or those around the active one.</summary>
internal static class ReleasesPage
{
    public const int PageSize = 25;

    private const string Build = "build", Environment = "environment", Rollback = "rollback", NotPromoted = "failed";

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var below = long.TryParse(request.Query("below"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : (long?)null;
        var (search, filter) = (new SearchReleases(request.Store), Filter(request));
        var jump = request.Query("at") == "active" && filter.IsEmpty ? await Active(request, app) : null;
        var page = jump is not null
            ? await search.Around(app.Name, jump, PageSize, request.Cancel)
            : await search.Run(app.Name, filter, PageSize, below, request.Cancel);
        var active = jump ?? page.Releases.FirstOrDefault(r => r.Id == app.Active) ?? await Active(request, app);
        var status = await AppStatus.Read(app, request.Rack, request.Cancel);
        var history = page.Releases.Count == 0
            ? new(new Dictionary<ReleaseId, PastPromotions>(), true)
            : await ReleaseHistory.Read(request.Store, app.Name, request.Cancel);
        var view = new ReleasesView(status, page, active, history, filter)
        {
            Kind = request.Query("kind"),
            IsOlder = below is not null || (jump is not null && page.Releases is [var first, ..] && first.Number < app.LastNumber),
        };
        return new Page("Releases", new AspNetCoreGeneratedDocument.Console_Pages_Releases { Model = view, Request = request })
        { AppStatus = status, Tab = "releases" };
    }

    private static async Task<Release?> Active(PageRequest request, App app) =>
        app.Active is { } id ? await request.Store.FindRelease(app.Name, id, request.Cancel) : null;

    private static ReleaseFilter Filter(PageRequest request) => new(
        request.Query("q")?.Trim() is { Length: > 0 } text ? text : null,
        request.Query("kind") switch
        {
            Build => ReleaseKind.Build,
            Environment => ReleaseKind.Environment,
            Rollback => ReleaseKind.Rollback,
            _ => null,
        },
        request.Query("kind") == NotPromoted);
}

/// <summary>Represents a page of releases.</summary>
/// <param name="AppStatus">The app's status.</param>
/// <param name="Page">The releases.</param>
/// <param name="Active">The active release, even if it isn't among them.</param>
/// <param name="History">Their newest promotions.</param>
/// <param name="Filter">The filter.</param>
internal sealed record ReleasesView(AppStatus AppStatus, FoundReleases Page, Release? Active, ReleaseHistory History, ReleaseFilter Filter)
{
    /// <summary>Gets the kinds to choose from: the value in the address and the text to show.</summary>
    public static IReadOnlyList<(string? Value, string Text)> Kinds { get; } =
        [(null, "Everything"), ("build", "Builds"), ("environment", "Environment changes"), ("rollback", "Rollbacks"),
            ("failed", "Failed and cancelled")];

    /// <summary>Gets the chosen kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Gets whether newer releases precede this page.</summary>
    public bool IsOlder { get; init; }

    public string? WhyNot => AppStatus.WhyNot();

    /// <summary>Gets the release with the primary button: the newest one, if it isn't active, can be promoted and was never live.</summary>
    public ReleaseId? Primary => !IsOlder && Filter.IsEmpty && Page.Releases is [var newest, ..] && newest.Id != Active?.Id
        && newest.WhyIncomplete() is null
        && !History.WasLive(newest) ? newest.Id : null;

    /// <summary>Returns the action for a release, as the verb and the page that asks for confirmation, or null if there is none.</summary>
    public (string Verb, string Page)? ActionFor(Release release) =>
        release.WhyIncomplete() is not null ? null
        : release.Id == Active?.Id ? ("Restart", "restart")
        : Active is { } active && release.Number < active.Number && History.WasLive(release)
            ? ("Roll back", $"releases/{release.Id}/rollback")
        : ("Promote", $"releases/{release.Id}/promote");

    /// <summary>Gets whether the app has no releases, so that there is nothing to search, compare or roll back to.</summary>
    public bool IsEmpty => Page.Releases.Count == 0 && Filter.IsEmpty && !IsOlder;

    /// <summary>Returns the status of a release, including whether it was live or its promotion was cancelled.</summary>
    public Cell StatusOf(Release release, DateTimeOffset now) => AppStatus.CellOf(release, History, now);

    /// <summary>Returns the promotion that a release's status links to, or null if none is known.</summary>
    public Promotion? Explains(Release release) => History.Explains(release);

    /// <summary>Returns when a release was last live, or null if it still is, never was, or it isn't known.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? LiveOf(Release release) =>
        release.Id != Active?.Id && History.ByRelease.GetValueOrDefault(release.Id) is { LiveFrom: { } from, LiveUntil: { } until }
            ? (from, until) : null;

    /// <summary>Returns the address of this search below a version number, or from the newest release.</summary>
    public string Address(long? below)
    {
        List<string> query = [];
        if (Filter.Text is { } text) query.Add($"q={Uri.EscapeDataString(text)}");
        if (Kind is { } kind) query.Add($"kind={Uri.EscapeDataString(kind)}");
        if (below is { } number) query.Add(string.Create(CultureInfo.InvariantCulture, $"below={number}"));
        return $"/apps/{AppStatus.App.Name}/releases{(query.Count == 0 ? "" : "?")}{string.Join('&', query)}";
    }
}
