using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Asks for confirmation before a promotion: names the release, shows what changes, and promotes only if the release that it was compared
/// with is still active.
/// </summary>
internal static class ConfirmPage
{
    public static async Task<IResult> Promote(PageRequest request)
    {
        var app = await request.App();
        var release = await request.Release(app);
        return await Show(request, app, release, app.Active == release.Id ? Confirmation.Restart : Confirmation.Promote);
    }

    public static async Task<IResult> Restart(PageRequest request)
    {
        var app = await request.App();
        if (app.Active is not { } active)
            throw new Problem(ProblemCode.Nothing, $"{app.Name} has no active release, so there is nothing to restart.",
                await PromotionOffer.OfLatest(request.Store, app, "Promote one", request.Cancel)).ToException();
        return await Show(request, app, await request.Store.RequireRelease(app.Name, active, request.Cancel), Confirmation.Restart);
    }

    public static async Task<IResult> RollBack(PageRequest request)
    {
        var app = await request.App();
        ReleaseReference? named = request.Http.Request.RouteValues["release"] is string text ? ReleaseReference.Parse(text) : null;
        var asked = new RollBackApp(app, named, new()) { Force = request.Query("force") is not null };
        return await Show(request, app, await new RollBack(request.Operations()).FindTarget(asked, request.Cancel),
            Confirmation.RollBack);
    }

    private static async Task<Page> Show(PageRequest request, App app, Release release, Confirmation what)
    {
        var active = app.Active is { } id ? await request.Store.RequireRelease(app.Name, id, request.Cancel) : null;
        var status = await AppStatus.Read(app, request.Store, request.Cancel);
        var view = new ConfirmView(what, release, active, status)
        {
            Difference = what == Confirmation.Restart
                ? null
                : await new CompareReleases(request.Operations()).Between(active, release, request.Cancel),
            Past = (await ReleaseHistory.Read(request.Store, app.Name, request.Cancel)).ByRelease.GetValueOrDefault(release.Id),
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

/// <summary>Represents what the user confirms.</summary>
/// <param name="What">The action.</param>
/// <param name="Release">The release to promote, or to copy and promote.</param>
/// <param name="Active">The active release, or null if there is none.</param>
/// <param name="AppStatus">The app's status.</param>
internal sealed record ConfirmView(Confirmation What, Release Release, Release? Active, AppStatus AppStatus)
{
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

    public string? WhyNot => Release.WhyIncomplete() is { } why ? $"This release can’t be promoted: {why}." : AppStatus.WhyNot();
}
