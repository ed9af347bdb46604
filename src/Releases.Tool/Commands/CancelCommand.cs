using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>cancel</c>: stops the running promotion and rolls it back, or ends a rollback that can't finish.</summary>
internal static class CancelCommand
{
    public static Command Create(ToolHost host)
    {
        var force = new Option<bool>("--force") { Description = "End a rollback that cannot finish" };
        return new Command("cancel", "Cancel the running promotion and roll it back") { force }
            .Example("dotnet convox cancel")
            .SetHandler(host, (call, cancel) => Cancel(call, call.Value(force), cancel));
    }

    private static async Task Cancel(Invocation call, bool force, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var operations = call.Operations(rack);
        var promotion = new CancelPromotion(operations);
        var request = force ? await promotion.EndRollback(app.Name, null, cancel) : await promotion.Run(app.Name, null, cancel);
        if (request.Requested) await Announce(call, rack, request, force);
        var ended = await new FollowPromotion(operations).ToTheEnd(app.Name, request.Lock.Promotion, cancel);
        Print(call, ended, await PromotionLabels.Read(rack.Store, ended));
    }

    private static async Task Announce(Invocation call, Rack rack, CancelRequest request, bool force)
    {
        var label = await ReleaseLabel.Read(rack.Store, request.Lock.App, request.Lock.Release);
        if (force) call.Terminal.Say($"Ending the rollback of {label}.");
        else if (request.Before is not { Status: PromotionStatus.RollingBack, RollbackDeadline: { } limit })
            call.Terminal.Say($"Cancelling the promotion of {label}.");
        else
            call.Say(
                $"{label} is already being rolled back, until {limit.UtcDateTime:HH:mm} UTC at the latest.",
                Remedy.Do(Operation.CancelPromotion, "If the rollback can't finish, end it", OperationOption.Force));
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
