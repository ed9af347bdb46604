using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>cancel</c>: stops the running promotion and rolls it back.</summary>
internal static class CancelCommand
{
    public static Command Create(ToolHost host) =>
        new Command("cancel", "Stop the running promotion and go back to what ran before").Example("dotnet convox cancel").SetHandler(host, Cancel);

    private static async Task Cancel(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var (held, wasAsked) = await Ask(rack, app.Name, await call.By(rack, cancel), call.Now, cancel);
        if (wasAsked) call.Terminal.Say($"Cancelling promotion {held.Promotion} of {held.Release}.");
        Tell(call, await Watch.ToTheEnd(call, rack, app.Name, held.Promotion, cancel));
    }

    /// <summary>Asks for it, and makes sure that someone hears it.</summary>
    /// <returns>The promotion that runs, and whether it had not just ended.</returns>
    public static async Task<(PromotionLock Held, bool Asked)> Ask(Rack rack, AppName app, string by, DateTimeOffset now, CancellationToken cancel)
    {
        if (await rack.Store.FindLock(app, cancel) is not { } held)
            throw new Problem(ProblemCode.Nothing, $"No promotion of {app} runs, so there is none to cancel; nothing was changed.", "See how those before ended with: dotnet convox promotions").ToException();
        var what = new Event { At = now, Kind = EventKind.PromotionCancelRequested, By = by, Release = held.Release, Promotion = held.Promotion };
        var asked = await Request(rack, app, held.Promotion, what, cancel);
        try
        {
            await rack.Driver.EnsureDriven(app, cancel);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw FollowErrors.Of(rack, held.Promotion, lost);
        }

        return (held, asked);
    }

    private static async Task<bool> Request(Rack rack, AppName app, PromotionId promotion, Event what, CancellationToken cancel)
    {
        try
        {
            return await rack.Store.RequestCancel(app, promotion, what, cancel);
        }
        catch (ProblemException lost) when (FollowErrors.MayHaveArrived(lost))
        {
            throw FollowErrors.Unanswered(promotion, "cancelling it was asked for", lost);
        }
    }

    /// <summary>What was asked for is done when everything is back, whether the promotion was cancelled or had failed by itself.</summary>
    private static void Tell(Invocation call, Promotion ended)
    {
        if (call.Json) OutputJson.Write(call.Terminal.Out, PromotionView.Of(ended), OutputJson.Indented.PromotionView);
        switch (ended.Status)
        {
            case PromotionStatus.Stuck:
                throw new ProblemException(Outcome.Problems(ended));
            case PromotionStatus.Succeeded:
                throw new Problem(
                    ProblemCode.Nothing, $"It was too late to cancel: {ended.Release} is active.", "Go back with: dotnet convox rollback").ToException();
            default:
                if (!call.Json) call.Terminal.Out.WriteLine($"{ended.Id} {StatusText.Of(ended.Status)}: {Outcome.Back(ended)}");
                break;
        }
    }
}
