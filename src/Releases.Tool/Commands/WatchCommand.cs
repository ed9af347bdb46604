using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>watch</c>: follows the running promotion and exits with its outcome.</summary>
internal static class WatchCommand
{
    public static Command Create(ToolHost host) =>
        new Command("watch", "Follow the running promotion, or show the last one").Example("dotnet convox watch").SetHandler(host, Follow);

    private static async Task Follow(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var promotion = await rack.Store.FindLock(app.Name, cancel) is { } held ? held.Promotion : await Last(call, rack, app, cancel);
        var ended = await new FollowPromotion(call.Operations(rack)).ToTheEnd(app.Name, promotion, cancel);
        await Outcome.Print(call, rack, ended, quiet: false, cancel);
    }

    private static async Task<PromotionId> Last(Invocation call, Rack rack, App app, CancellationToken cancel)
    {
        if (await rack.Store.ListPromotions(app.Name, 1, cancel: cancel) is not [var last])
            throw new Problem(
                ProblemCode.Nothing, $"{app.Name} has nothing to watch: no release has been promoted yet.",
                await PromotionOffer.OfLatest(rack.Store, app, "Promote one", cancel)).ToException();
        call.Terminal.Say(
            $"No promotion of {app.Name} is running. The last one, of {await rack.Store.Label(app.Name, last.Release, cancel)}, began "
                + $"{RelativeTime.InSentence(last.StartedAt, call.Now)}.");
        return last.Id;
    }
}
