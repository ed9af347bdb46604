using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>approve</c>: approves a promotion that was started with <c>--hold</c>, and follows it.</summary>
internal static class ApproveCommand
{
    public static Command Create(ToolHost host)
    {
        var detach = new Option<bool>("--detach") { Description = "Return as soon as it is approved" };
        return new Command("approve", "Approve a promotion that was started with --hold") { detach }
            .Example("dotnet convox approve", "let it take the traffic, and follow it")
            .SetHandler(host, (call, cancel) => Approve(call, call.Value(detach), cancel));
    }

    private static async Task Approve(Invocation call, bool detach, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var operations = call.Operations(rack);
        var held = await new ApprovePromotion(operations).Run(app.Name, null, cancel);
        call.Terminal.Say($"Approved {await ReleaseLabel.Read(rack.Store, app.Name, held.Release)}.");
        var follow = new FollowPromotion(operations);
        if (!detach || await follow.Detach(app.Name, held.Promotion) is not { } fate)
        {
            await Outcome.Print(call, rack, await follow.ToTheEnd(app.Name, held.Promotion, cancel), quiet: false, cancel);
            return;
        }

        call.Say($"The promotion {fate}.", Remedy.Do(Operation.WatchPromotion, "Follow it"));
        if (call.Json)
            OutputJson.Write(
                call.Terminal.Out, PromotionView.Of(await rack.Store.RequirePromotion(app.Name, held.Promotion, cancel)),
                OutputJson.Indented.PromotionView);
    }
}
