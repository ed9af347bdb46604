using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Asks for confirmation before a promotion: names the release, shows what changes, and promotes only if the release that it was compared
/// with is still active. An open page keeps what it asks: its live update names what it was made for, and if another release is active by
/// then, the page names it and its button is disabled.
/// </summary>
internal static class ConfirmPage
{
    /// <summary>
    /// The header of a live update that states what the open page asks. A link can't set it, so none leads to a page that asks one thing
    /// and does another.
    /// </summary>
    public const string AskedHeader = "X-Console-Asked";

    public static async Task<IResult> Promote(PageRequest request)
    {
        var app = await request.App();
        var release = await request.Release(app);
        var asked = AskedConfirmation.From(request);
        return await Show(request, app, release, asked?.What ?? (app.Active == release.Id ? Confirmation.Restart : Confirmation.Promote));
    }

    public static async Task<IResult> Restart(PageRequest request)
    {
        var app = await request.App();
        if ((AskedConfirmation.From(request)?.Active ?? app.Active) is not { } active)
            throw new Problem(ProblemCode.Nothing, $"{app.Name} has no active release, so there is nothing to restart.",
                await PromotionOffer.OfLatest(request.Store, app, "Promote one", request.Cancel)).ToException();
        return await Show(request, app, await request.Store.RequireRelease(app.Name, active, request.Cancel), Confirmation.Restart);
    }

    /// <summary>Redirects to the confirmation for the release that was live before, so that the page's address names it.</summary>
    public static async Task<IResult> RollBackToPrevious(PageRequest request)
    {
        var app = await request.App();
        var target = await new RollBack(request.Operations()).FindTarget(new(app, null, new()), request.Cancel);
        return new SeeOther($"/apps/{app.Name}/releases/{target.Id}/rollback");
    }

    public static async Task<IResult> RollBack(PageRequest request)
    {
        var app = await request.App();
        var rollback = new RollBackApp(app, request.ReleaseReference, new()) { Force = request.Query("force") is not null };
        var isOutdated = AskedConfirmation.From(request) is { } asked && asked.Active != app.Active;
        var target = isOutdated
            ? await request.Release(app)
            : await new RollBack(request.Operations()).FindTarget(rollback, request.Cancel);
        return await Show(request, app, target, Confirmation.RollBack);
    }

    private static async Task<Page> Show(PageRequest request, App app, Release release, Confirmation what)
    {
        var shown = AskedConfirmation.From(request) is { } asked ? asked.Active : app.Active;
        var active = shown is { } id ? await request.Store.RequireRelease(app.Name, id, request.Cancel) : null;
        var status = await AppStatus.Read(app, request.Store, request.Cancel);
        var history = await ReleaseHistory.Read(request.Store, app.Name, request.Cancel);
        var view = new ConfirmView(what, release, active, status)
        {
            Replacement = shown != app.Active && app.Active is { } now
                ? new(await request.Store.RequireRelease(app.Name, now, request.Cancel), history.ByRelease.GetValueOrDefault(now)?.Last)
                : null,
            IsRackStopped = request.Rack.Daemon is { IsAlive: false },
            Difference = what == Confirmation.Restart
                ? null
                : await new CompareReleases(request.Operations()).Between(active, release, request.Cancel),
            Past = history.ByRelease.GetValueOrDefault(release.Id),
            AllowEmpty = request.Query("empty") is not null,
            Force = request.Query("force") is not null,
        };
        return new(view.Title, new AspNetCoreGeneratedDocument.Console_Pages_Confirm { Model = view, Request = request })
        { AppStatus = status, Tab = "releases" };
    }
}

/// <summary>Specifies the action to confirm.</summary>
internal enum Confirmation
{
    Promote,
    Restart,
    RollBack,
}

/// <summary>Represents what an open page asks.</summary>
/// <param name="What">The action to confirm.</param>
/// <param name="Active">The release that was active when the page was opened, or null if there was none.</param>
internal sealed record AskedConfirmation(Confirmation What, ReleaseId? Active)
{
    /// <summary>Returns what the open page asks, or null if the request isn't its live update.</summary>
    public static AskedConfirmation? From(PageRequest request) =>
        request.Http.Request.Headers[ConfirmPage.AskedHeader].ToString().Split('-') is [var what, var active]
        && Enum.TryParse<Confirmation>(what, out var asked)
            ? new(asked, active.Length == 0 ? null : ReleaseId.Parse(active))
            : null;

    public override string ToString() => $"{What}-{Active}";
}

/// <summary>Represents the release that became active while a page was open.</summary>
/// <param name="Release">The release.</param>
/// <param name="Promotion">The promotion that made it active, or null if it is unknown.</param>
internal sealed record Replacement(Release Release, Promotion? Promotion);

/// <summary>Represents what the user confirms.</summary>
/// <param name="What">The action.</param>
/// <param name="Release">The release to promote, or to copy and promote.</param>
/// <param name="Active">The release that was active when the page was opened, or null if there was none.</param>
/// <param name="AppStatus">The app's status.</param>
internal sealed record ConfirmView(Confirmation What, Release Release, Release? Active, AppStatus AppStatus)
{
    /// <summary>Gets the release that became active since the page was opened, or null if none did.</summary>
    public Replacement? Replacement { get; init; }

    /// <summary>Gets whether the rack is stopped, so that promoting starts it.</summary>
    public bool IsRackStopped { get; init; }

    /// <summary>Gets what changes, or null for a restart.</summary>
    public ReleaseComparison? Difference { get; init; }

    /// <summary>Gets the release's earlier promotions, or null if none are known.</summary>
    public PastPromotions? Past { get; init; }

    /// <summary>Gets whether to promote even if no process would run.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Gets whether to roll back even if the active release states that the older one no longer works.</summary>
    public bool Force { get; init; }

    public string Verb => What switch
    {
        Confirmation.Restart => "Restart",
        Confirmation.RollBack => "Roll back to",
        _ => "Promote",
    };

    public string Title => $"{Verb} v{Release.Number}?";

    /// <summary>Gets the address that the form posts to.</summary>
    public string Action => $"/apps/{AppStatus.App.Name}/releases/{Release.Id}/{(What == Confirmation.RollBack ? "rollback" : "promote")}";

    /// <summary>Gets what the page's live update states.</summary>
    public AskedConfirmation Asked => new(What, Active?.Id);

    public string? WhyNot => Replacement is not null ? "Another release is active now"
        : Release.WhyIncomplete() is { } why ? $"This release can’t be promoted: {why}."
        : AppStatus.WhyNot();
}
