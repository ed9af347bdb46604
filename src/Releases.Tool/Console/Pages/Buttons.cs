using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Promotes a release; where the button said Restart, only while that one is still active.</summary>
internal static class PromoteButton
{
    public static async Task<IResult> Press(Visit visit)
    {
        var app = await visit.App();
        return await Begin(visit, app, await visit.Release(app), visit.Query("expect") is { } active ? ReleaseId.Parse(active) : null);
    }

    /// <summary>Begins a promotion and leads to it. What was begun is not cut short when the browser goes away.</summary>
    public static async Task<IResult> Begin(Visit visit, App app, Release release, ReleaseId? expectActive = null)
    {
        await RequireFree(visit, app);
        var request = new PromotionRequest(PromotionId.New(), app.Name, release.Id, visit.Site.By, ExpectActive: expectActive);
        await visit.Rack.Driver.Begin(request, CancellationToken.None);
        visit.Site.Followed.Begin(app.Name, request.Id);
        return new SeeOther($"/apps/{app.Name}/promotions/{request.Id}");
    }

    /// <summary>The same for a release that the button has just made: where it is refused, the release stays, and the person is told so.</summary>
    public static async Task<IResult> BeginNew(Visit visit, App app, Release release, ReleaseId? expectActive = null)
    {
        try
        {
            return await Begin(visit, app, release, expectActive);
        }
        catch (ProblemException refused)
        {
            var (why, later) = (refused.Problems[0], $"Promote {release.Id} later with its button, or with: dotnet convox promote {release.Id} -a {app.Name}");
            throw new ProblemException(
                [why with { Message = $"{release.Id} was made and is not promoted. {why.Message}", Remedy = why.Remedy is { } remedy ? $"{remedy} {later}" : later }, .. refused.Problems.Skip(1)],
                refused);
        }
    }

    /// <summary>
    /// Refuses now what would be refused when it begins, so that no release is made for nothing. A promotion that was left open is brought
    /// to its end first, which may take as long as a promotion.
    /// </summary>
    public static async Task RequireFree(Visit visit, App app)
    {
        app.RequireUnlocked();
        var standing = await Standing.Of(app, visit.Store, visit.Cancel);
        if (standing.Lock is not { } held) return;
        if (standing.Gone(visit.Now).Length == 0)
            throw new Problem(
                ProblemCode.Busy, $"{held.StartedBy} has been promoting {held.Release} of {app.Name} since {held.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({held.Promotion}). Nothing changed.",
                "Wait for it to end, or cancel it.", ProblemKind.Busy).ToException();
        await TakeOverButton.TakeOver(visit, app, held);
        throw new Problem(
            ProblemCode.Busy, $"Promotion {held.Promotion} of {held.Release} was left open{standing.Gone(visit.Now)}, and is brought to its end now; no other can begin before that.",
            "Try again when it has ended.", ProblemKind.Busy).ToException();
    }
}

/// <summary>Goes back: promotes a copy of an older release.</summary>
internal static class RollbackButton
{
    public static async Task<IResult> Press(Visit visit)
    {
        var app = await visit.App();
        await PromoteButton.RequireFree(visit, app);
        var copies = new RollbackRelease(visit.Rack, visit.Site.Time);
        var target = await RollbackCommand.Target(visit.Rack, copies, app.Name, visit.Http.Request.RouteValues["release"] as string, visit.Cancel);
        var copy = await copies.Create(app.Name, target.Id, visit.Site.By, CancellationToken.None);
        // It was chosen by what is active now.
        return await PromoteButton.BeginNew(visit, app, copy.Release, expectActive: app.Active);
    }
}

/// <summary>Stops the running promotion and rolls it back.</summary>
internal static class CancelButton
{
    public static async Task<IResult> Press(Visit visit)
    {
        var app = await visit.App();
        var (held, _) = await CancelCommand.Ask(visit.Rack, app.Name, visit.Site.By, visit.Now, CancellationToken.None);
        visit.Site.Followed.Begin(app.Name, held.Promotion);
        return new SeeOther($"/apps/{app.Name}/promotions/{held.Promotion}");
    }
}

/// <summary>Drives a promotion to its end whose driver is gone.</summary>
internal static class TakeOverButton
{
    public static async Task<IResult> Press(Visit visit)
    {
        var app = await visit.App();
        if (await visit.Store.FindLock(app.Name, visit.Cancel) is not { } held)
            throw new Problem(ProblemCode.Nothing, $"No promotion of {app.Name} runs any more.").ToException();
        await TakeOver(visit, app, held);
        return new SeeOther($"/apps/{app.Name}/promotions/{held.Promotion}");
    }

    public static async Task TakeOver(Visit visit, App app, PromotionLock held)
    {
        await visit.Rack.Driver.EnsureDriven(app.Name, CancellationToken.None);
        visit.Site.Followed.Begin(app.Name, held.Promotion);
    }
}
