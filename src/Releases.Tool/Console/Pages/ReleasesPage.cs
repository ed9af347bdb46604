using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The releases of an app, a page of them at a time, searched or around the active one.</summary>
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
        var status = await AppStatus.Read(app, request.Store, request.Cancel);
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

/// <summary>A page of releases.</summary>
/// <param name="AppStatus">The active release, and the live status.</param>
/// <param name="Page">The releases.</param>
/// <param name="Active">The active one, even if it is not among them.</param>
/// <param name="History">What the newest promotions did with them.</param>
/// <param name="Filter">Which are shown.</param>
internal sealed record ReleasesView(AppStatus AppStatus, FoundReleases Page, Release? Active, ReleaseHistory History, ReleaseFilter Filter)
{
    /// <summary>The kinds that can be chosen: the value in the address and the word for people.</summary>
    public static IReadOnlyList<(string? Value, string Text)> Kinds { get; } =
        [(null, "Everything"), ("build", "Builds"), ("environment", "Environment changes"), ("rollback", "Rollbacks"),
            ("failed", "Failed and cancelled")];

    /// <summary>The kind that is chosen.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether there are newer ones.</summary>
    public bool IsOlder { get; init; }

    public string? WhyNot => AppStatus.WhyNot();

    /// <summary>The one release whose button stands out: the newest that isn't active and can be promoted.</summary>
    public ReleaseId? Primary => !IsOlder && Filter.IsEmpty && Page.Releases is [var newest, ..] && newest.Id != Active?.Id
        && newest.WhyIncomplete() is null
        && !History.WasLive(newest) ? newest.Id : null;

    /// <summary>What can be done with a release: the verb and the page that asks for confirmation; null: nothing.</summary>
    public (string Verb, string Page)? ActionFor(Release release) =>
        release.WhyIncomplete() is not null ? null
        : release.Id == Active?.Id ? ("Restart", "restart")
        : Active is { } active && release.Number < active.Number && History.WasLive(release)
            ? ("Roll back", $"releases/{release.Id}/rollback")
        : ("Promote", $"releases/{release.Id}/promote");

    /// <summary>The status of a release, which for one that was live or cancelled shows that too.</summary>
    public Cell StatusOf(Release release, DateTimeOffset now) => AppStatus.CellOf(release, now) is { Text.Length: > 0 } cell ? cell
        : release.LastOutcome == PromotionStatus.Cancelled ? new("cancelled", TextStyle.Faint)
        : History.WasLive(release) ? new("was live", TextStyle.Faint) : new("");

    /// <summary>The promotion that a status leads to; null: none is known.</summary>
    public Promotion? Explains(Release release) =>
        release.LastOutcome is PromotionStatus.Failed or PromotionStatus.Stuck or PromotionStatus.Cancelled
        && History.ByRelease.GetValueOrDefault(release.Id) is { } past ? past.Last : null;

    /// <summary>This search, continued below a number or from the newest.</summary>
    public string Address(long? below)
    {
        List<string> query = [];
        if (Filter.Text is { } text) query.Add($"q={Uri.EscapeDataString(text)}");
        if (Kind is { } kind) query.Add($"kind={Uri.EscapeDataString(kind)}");
        if (below is { } number) query.Add(string.Create(CultureInfo.InvariantCulture, $"below={number}"));
        return $"/apps/{AppStatus.App.Name}/releases{(query.Count == 0 ? "" : "?")}{string.Join('&', query)}";
    }
}
