using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Promotes a release; where the button said Restart, only while that one is still active.</summary>
internal static class PromoteButton
{
    public static async Task<IResult> Press(PageRequest request)
    {
        var app = await request.App();
        return await Begin(request, app, await request.Release(app), request.Query("expect") is { } active ? ReleaseId.Parse(active) : null);
    }

    /// <summary>Begins a promotion and leads to it. What was begun is not cut short when the browser goes away.</summary>
    public static async Task<IResult> Begin(PageRequest request, App app, Release release, ReleaseId? expectActive = null)
    {
        await RequireFree(request, app);
        var promotion = new PromotionRequest(PromotionId.New(), app.Name, release.Id, request.Site.By, ExpectActive: expectActive);
        await request.Rack.Driver.Begin(promotion, CancellationToken.None);
        request.Site.Followed.Begin(app.Name, promotion.Id);
        return new SeeOther($"/apps/{app.Name}/promotions/{promotion.Id}");
    }

    /// <summary>The same for a release that the button has just made: if it is refused, the release stays, and the refusal names it.</summary>
    public static async Task<IResult> BeginNew(PageRequest request, App app, Release release, ReleaseId? expectActive = null)
    {
        try
        {
            return await Begin(request, app, release, expectActive);
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
    /// first, which may take as long as a promotion.
    /// </summary>
    public static async Task RequireFree(PageRequest request, App app)
    {
        app.RequireUnlocked();
        var appStatus = await AppStatus.Read(app, request.Store, request.Cancel);
        if (appStatus.Lock is not { } held) return;
        if (appStatus.Gone(request.Now).Length == 0)
            throw new Problem(
                ProblemCode.Busy, $"{held.StartedBy} has been promoting {held.Release} of {app.Name} since {held.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({held.Promotion}). Nothing changed.",
                "Wait for it to end, or cancel it.", ProblemKind.Busy).ToException();
        await TakeOverButton.TakeOver(request, app, held);
        throw new Problem(
            ProblemCode.Busy, $"Promotion {held.Promotion} of {held.Release} was left open{appStatus.Gone(request.Now)}, and is brought to its end now; no other can begin before that.",
            "Try again when it has ended.", ProblemKind.Busy).ToException();
    }
}

/// <summary>Rolls back: promotes a copy of an older release.</summary>
internal static class RollbackButton
{
    public static async Task<IResult> Press(PageRequest request)
    {
        var app = await request.App();
        await PromoteButton.RequireFree(request, app);
        var copies = new RollbackRelease(request.Rack, request.Site.Time);
        var target = await RollbackCommand.Target(request.Rack, copies, app.Name, request.Http.Request.RouteValues["release"] as string, request.Cancel);
        var copy = await copies.Create(app.Name, target.Id, request.Site.By, CancellationToken.None);
        // It was chosen by what is active now.
        return await PromoteButton.BeginNew(request, app, copy.Release, expectActive: app.Active);
    }
}

/// <summary>Stops the running promotion and rolls it back.</summary>
internal static class CancelButton
{
    public static async Task<IResult> Press(PageRequest request)
    {
        var app = await request.App();
        var (held, _) = await CancelCommand.Ask(request.Rack, app.Name, request.Site.By, request.Now, CancellationToken.None);
        request.Site.Followed.Begin(app.Name, held.Promotion);
        return new SeeOther($"/apps/{app.Name}/promotions/{held.Promotion}");
    }
}

/// <summary>Finishes a promotion whose driver is gone.</summary>
internal static class TakeOverButton
{
    public static async Task<IResult> Press(PageRequest request)
    {
        var app = await request.App();
        if (await request.Store.FindLock(app.Name, request.Cancel) is not { } held)
            throw new Problem(ProblemCode.Nothing, $"No promotion of {app.Name} runs any more.").ToException();
        await TakeOver(request, app, held);
        return new SeeOther($"/apps/{app.Name}/promotions/{held.Promotion}");
    }

    public static async Task TakeOver(PageRequest request, App app, PromotionLock held)
    {
        await request.Rack.Driver.EnsureDriven(app.Name, CancellationToken.None);
        request.Site.Followed.Begin(app.Name, held.Promotion);
    }
}
