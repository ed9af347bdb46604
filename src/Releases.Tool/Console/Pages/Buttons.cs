using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Buttons that change something besides the environment. What one has begun is not cut short when the browser goes
/// away.</summary>
internal static class Buttons
{
    /// <summary>Promotes a release, only while what the confirmation compared it with is still active.</summary>
    public static async Task<IResult> Promote(PageRequest request)
    {
        var app = await request.App();
        var release = await request.Release(app);
        var options = Expecting(request) with
        {
            AllowEmpty = request.Field("empty") is not null,
            HoldFor = request.Field("hold") is not null ? PromoteOptions.DefaultHold : null,
        };
        return PageOf(await new StartPromotion(request.Operations()).Run(new(app, release.Id, options), CancellationToken.None));
    }

    /// <summary>Rolls back: promotes a copy of an older release.</summary>
    public static async Task<IResult> RollBack(PageRequest request)
    {
        var app = await request.App();
        var to = ReleaseReference.Parse((string)request.Http.Request.RouteValues["release"]!);
        var asked = new RollBackApp(app, to, Expecting(request)) { Force = request.Field("force") is not null };
        return PageOf(await new RollBack(request.Operations()).Run(asked, CancellationToken.None));
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

    /// <summary>Keeps the app from being promoted.</summary>
    public static async Task<IResult> Lock(PageRequest request)
    {
        await new LockApp(request.Operations()).Lock(await request.App(), request.Field("reason") ?? "", CancellationToken.None);
        return Back(request, "releases");
    }

    /// <summary>Lets the app be promoted again.</summary>
    public static async Task<IResult> Unlock(PageRequest request)
    {
        await new LockApp(request.Operations()).Unlock(await request.App(), CancellationToken.None);
        return Back(request, "releases");
    }

    /// <summary>Keeps a release from being pruned.</summary>
    public static async Task<IResult> Pin(PageRequest request)
    {
        await new PinRelease(request.Operations()).Pin(await request.App(), request.ReleaseReference, CancellationToken.None);
        return Back(request, $"releases/{request.ReleaseReference}");
    }

    /// <summary>Lets a release be pruned again.</summary>
    public static async Task<IResult> Unpin(PageRequest request)
    {
        await new PinRelease(request.Operations()).Unpin(await request.App(), request.ReleaseReference, CancellationToken.None);
        return Back(request, $"releases/{request.ReleaseReference}");
    }

    /// <summary>Changes how many processes a service has.</summary>
    public static async Task<IResult> Scale(PageRequest request)
    {
        var app = await request.App();
        var service = ServiceName.Parse((string)request.Http.Request.RouteValues["service"]!);
        int? count = request.Field("do") is "reset" ? null
            : int.TryParse(request.Field("count"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given
            : throw new Problem(ProblemCode.Usage,
                $"'{SafeText.Line(request.Field("count") ?? "")}' isn't a number of processes. Nothing changed.", Kind: ProblemKind.Usage)
                .ToException();
        await new ScaleService(request.Operations()).Run(new(app, service, count), CancellationToken.None);
        return Back(request, "services");
    }

    /// <summary>Where the progress of a promotion is shown that a button has begun.</summary>
    public static IResult PageOf(StartedPromotion started) => PageOf(started.App.Name, started.Promotion);

    /// <summary>The page that has the button, as it is now.</summary>
    public static SeeOther Back(PageRequest request, string page) =>
        new(ActionError.BackFrom(request.Http.Request) ?? $"/apps/{request.AppName}/{page}");

    /// <summary>What a person confirmed holds as long as the release is active that they saw.</summary>
    private static PromoteOptions Expecting(PageRequest request) =>
        PageRequest.Promoting with { ExpectActive = request.Field("expect") is { } active ? ReleaseId.Parse(active) : null };

    private static SeeOther PageOf(AppName app, PromotionId promotion) => new($"/apps/{app}/promotions/{promotion}");
}
