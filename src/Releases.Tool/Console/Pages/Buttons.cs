using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Handles the buttons that change something other than the environment. Once started, a change isn't cancelled when the browser
/// disconnects.
/// </summary>
internal static class Buttons
{
    /// <summary>Promotes a release if the release that the confirmation compared it with is still active.</summary>
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

    /// <summary>Rolls back by promoting a copy of an older release.</summary>
    public static async Task<IResult> RollBack(PageRequest request)
    {
        var app = await request.App();
        var to = ReleaseReference.Parse((string)request.Http.Request.RouteValues["release"]!);
        var asked = new RollBackApp(app, to, Expecting(request)) { Force = request.Field("force") is not null };
        return PageOf(await new RollBack(request.Operations()).Run(asked, CancellationToken.None));
    }

    /// <summary>Approves the promotion that waits for approval.</summary>
    public static async Task<IResult> Approve(PageRequest request)
    {
        var app = await request.App();
        var held = await new ApprovePromotion(request.Operations()).Run(app.Name, Shown(request), CancellationToken.None);
        return PageOf(app.Name, held.Promotion);
    }

    /// <summary>Cancels the running promotion, which is then rolled back, or ends its rollback.</summary>
    public static async Task<IResult> Cancel(PageRequest request)
    {
        var app = await request.App();
        var promotion = new CancelPromotion(request.Operations());
        var cancelled = request.Field("rollback") is { } open
            ? await promotion.EndRollback(app.Name, PromotionId.Parse(open), CancellationToken.None)
            : await promotion.Run(app.Name, Shown(request), CancellationToken.None);
        return PageOf(app.Name, cancelled.Lock.Promotion);
    }

    /// <summary>Takes over a promotion whose driver is gone.</summary>
    public static async Task<IResult> TakeOver(PageRequest request)
    {
        var app = await request.App();
        var held = await new TakeOverPromotion(request.Operations()).Run(app, CancellationToken.None);
        return PageOf(app.Name, held.Promotion);
    }

    /// <summary>Locks the app against promotions. The form is only on pages of an app without a lock, so it never replaces one.</summary>
    public static async Task<IResult> Lock(PageRequest request)
    {
        var reason = request.Field("reason") ?? "";
        await new LockApp(request.Operations()).LockWithoutReplacing(await request.App(), reason, CancellationToken.None);
        return Back(request, "releases");
    }

    /// <summary>Unlocks the app if its lock is the one that the page showed.</summary>
    public static async Task<IResult> Unlock(PageRequest request)
    {
        var app = await request.App();
        var locking = new LockApp(request.Operations());
        if (app.Hold is { } hold && request.Field("lockedAt") != $"{hold.At.UtcTicks}")
            throw locking.Other(app, hold, "has another lock now").ToException();
        await locking.Unlock(app, CancellationToken.None);
        return Back(request, "releases");
    }

    /// <summary>Pins a release, which excludes it from pruning.</summary>
    public static async Task<IResult> Pin(PageRequest request)
    {
        await new PinRelease(request.Operations()).Pin(await request.App(), request.ReleaseReference, CancellationToken.None);
        return Back(request, $"releases/{request.ReleaseReference}");
    }

    /// <summary>Unpins a release.</summary>
    public static async Task<IResult> Unpin(PageRequest request)
    {
        await new PinRelease(request.Operations()).Unpin(await request.App(), request.ReleaseReference, CancellationToken.None);
        return Back(request, $"releases/{request.ReleaseReference}");
    }

    /// <summary>Changes the number of processes of a service.</summary>
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

    /// <summary>Redirects to the page that shows the progress of a promotion.</summary>
    public static IResult PageOf(StartedPromotion started) => PageOf(started.App.Name, started.Promotion);

    /// <summary>Redirects to the page with the button.</summary>
    public static SeeOther Back(PageRequest request, string page) =>
        new(request.Back() ?? $"/apps/{request.AppName}/{page}");

    /// <summary>Returns the promotion that the page showed, which may have ended since; null if the form names none.</summary>
    private static PromotionId? Shown(PageRequest request) => request.Field("promotion") is { } id ? PromotionId.Parse(id) : null;

    /// <summary>
    /// Returns options that make the promotion fail if the active release is no longer the one that the user saw when confirming.
    /// </summary>
    private static PromoteOptions Expecting(PageRequest request) => request.Field("expect") switch
    {
        null => PageRequest.Promoting,
        "" => PageRequest.Promoting.Replacing(null),
        var active => PageRequest.Promoting.Replacing(ReleaseId.Parse(active)),
    };

    private static SeeOther PageOf(AppName app, PromotionId promotion) => new($"/apps/{app}/promotions/{promotion}");
}
