using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Buttons that begin or end promotions. What one has begun is not cut short when the browser goes away.</summary>
internal static class Buttons
{
    /// <summary>Promotes a release; if the button said Restart, only while that one is still active.</summary>
    public static async Task<IResult> Promote(PageRequest request)
    {
        var app = await request.App();
        var release = await request.Release(app);
        ReleaseReference? expected = request.Query("expect") is { } active ? ReleaseId.Parse(active) : null;
        var options = PageRequest.Promoting with { ExpectActive = expected };
        return PageOf(await new StartPromotion(request.Operations()).Run(new(app, release.Id, options), CancellationToken.None));
    }

    /// <summary>Rolls back: promotes a copy of an older release.</summary>
    public static async Task<IResult> RollBack(PageRequest request)
    {
        var app = await request.App();
        ReleaseReference? to = request.Http.Request.RouteValues["release"] is string named ? ReleaseReference.Parse(named) : null;
        return PageOf(await new RollBack(request.Operations()).Run(new(app, to, PageRequest.Promoting), CancellationToken.None));
    }

    /// <summary>Lets the promotion continue that waits for an approval.</summary>
    public static async Task<IResult> Approve(PageRequest request)
    {
        var app = await request.App();
        var held = await new ApprovePromotion(request.Operations()).Run(app.Name, CancellationToken.None);
        return PageOf(app.Name, held.Promotion);
    }

    /// <summary>Stops the running promotion, which is rolled back then.</summary>
    public static async Task<IResult> Cancel(PageRequest request)
    {
        var app = await request.App();
        var (held, _) = await new CancelPromotion(request.Operations()).Run(app.Name, CancellationToken.None);
        return PageOf(app.Name, held.Promotion);
    }

    /// <summary>Finishes a promotion whose driver is gone.</summary>
    public static async Task<IResult> TakeOver(PageRequest request)
    {
        var app = await request.App();
        var held = await new TakeOverPromotion(request.Operations()).Run(app, CancellationToken.None);
        return PageOf(app.Name, held.Promotion);
    }

    /// <summary>Where the progress of a promotion is shown that a button has begun.</summary>
    public static IResult PageOf(StartedPromotion started) => PageOf(started.App.Name, started.Promotion);

    private static SeeOther PageOf(AppName app, PromotionId promotion) => new($"/apps/{app}/promotions/{promotion}");
}
