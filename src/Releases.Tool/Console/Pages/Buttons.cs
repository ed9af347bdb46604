using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Promotes a release.</summary>
internal static class PromoteButton
{
    public static async Task<IResult> Press(Visit visit)
    {
        var app = await visit.App();
        return await Begin(visit, app, await visit.Release(app));
    }

    /// <summary>Begins a promotion and leads to it. What was begun is not cut short when the browser goes away.</summary>
    public static async Task<IResult> Begin(Visit visit, App app, Release release)
    {
        app.RequireUnlocked();
        await RequireNoneAbandoned(visit, app);
        var request = new PromotionRequest(PromotionId.New(), app.Name, release.Id, visit.Site.By);
        await visit.Rack.Driver.Begin(request, CancellationToken.None);
        visit.Site.Followed.Begin(app.Name, request.Id);
        return new SeeOther($"/apps/{app.Name}/promotions/{request.Id}");
    }

    /// <summary>One that was left open is brought to its end first, which may take as long as a promotion.</summary>
    private static async Task RequireNoneAbandoned(Visit visit, App app)
    {
        var standing = await Standing.Of(app, visit.Store, visit.Cancel);
        if (standing.Lock is not { } held || standing.Gone(visit.Now) is not { Length: > 0 } gone) return;
        await TakeOverButton.TakeOver(visit, app, held);
        throw new Problem(
            ProblemCode.Busy, $"Promotion {held.Promotion} of {held.Release} was left open{gone}, and is brought to its end now; nothing else was begun.",
            "Press the button again when it has ended.", ProblemKind.Busy).ToException();
    }
}

/// <summary>Goes back: promotes a copy of an older release.</summary>
internal static class RollbackButton
{
    public static async Task<IResult> Press(Visit visit)
    {
        var app = await visit.App();
        var copies = new CopyForward(visit.Rack, visit.Site.Time);
        var target = await RollbackCommand.Target(visit.Rack, copies, app.Name, visit.Http.Request.RouteValues["release"] as string, visit.Cancel);
        app.RequireUnlocked();
        (await Standing.Of(app, visit.Store, visit.Cancel)).RequireNoPromotion(visit.Now);
        var copy = await copies.Of(app.Name, target.Id, visit.Site.By, CancellationToken.None);
        return await PromoteButton.Begin(visit, app, copy.Release);
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
