using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>cancel</c>: stops the running promotion and rolls it back.</summary>
internal static class CancelCommand
{
    public static Command Create(ToolHost host) =>
        new Command("cancel", "Cancel the running promotion and roll it back").Example("dotnet convox cancel").SetHandler(host, Cancel);

    private static async Task Cancel(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var operations = call.Operations(rack);
        var (held, requested) = await new CancelPromotion(operations).Run(app.Name, cancel);
        if (requested) call.Terminal.Say($"Cancelling the promotion of {await ReleaseLabel.Read(rack.Store, app.Name, held.Release)}.");
        var ended = await new FollowPromotion(operations).ToTheEnd(app.Name, held.Promotion, cancel);
        Print(call, ended, await PromotionLabels.Read(rack.Store, ended));
    }

    /// <summary>
    /// Prints the outcome. The command succeeds if the promotion was rolled back, whether by the cancellation or because it failed by
    /// itself.
    /// </summary>
    private static void Print(Invocation call, Promotion ended, PromotionLabels labels)
    {
        if (call.Json) OutputJson.Write(call.Terminal.Out, PromotionView.Of(ended), OutputJson.Indented.PromotionView);
        switch (ended.Status)
        {
            case PromotionStatus.Stuck:
                throw new ProblemException(FailedPromotion.Problems(ended, labels));
            case PromotionStatus.Succeeded:
                throw new Problem(
                    ProblemCode.Nothing, $"it was too late to cancel: {labels.Release} is active.",
                    Remedy.Do(Operation.RollBack, "Roll back")).ToException();
            default:
                if (!call.Json) call.Terminal.Out.WriteLine(
                    $"{labels.Release} wasn't {FailedPromotion.Done(ended)} ({StatusText.Of(ended.Status)}). "
                        + FailedPromotion.WhatIsLive(ended, labels));
                break;
        }
    }
}
