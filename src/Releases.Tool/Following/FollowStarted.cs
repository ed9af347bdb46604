namespace Releases.Tool;

/// <summary>Follows a promotion that this command started and prints its outcome, or detaches at once.</summary>
internal static class FollowStarted
{
    /// <summary>Follows the promotion. Fails if the promotion does, even if it ends before this can detach.</summary>
    /// <param name="call">The call.</param>
    /// <param name="operations">The context in which it was started.</param>
    /// <param name="started">The promotion.</param>
    /// <param name="detach">Whether to detach at once.</param>
    /// <param name="quiet">Whether the data of the command has already been printed, so that nothing more goes to standard output.</param>
    /// <param name="cancel">A token that detaches too.</param>
    public static async Task Run(Invocation call, OperationContext operations, StartedPromotion started, bool detach, bool quiet,
        CancellationToken cancel)
    {
        call.Terminal.Say(Heading(started));
        var follow = new FollowPromotion(operations);
        var (app, id) = (started.App.Name, started.Promotion);
        if (!detach || await follow.Detach(app, id) is not { } fate)
        {
            var ended = await follow.ToTheEnd(app, id, cancel);
            try
            {
                await Outcome.Print(call, operations.Rack, ended, quiet, cancel);
            }
            finally
            {
                // The trace comes last, so that nothing waits for it.
                await call.SendTrace(operations.Rack, ended, cancel);
            }

            return;
        }

        call.Say($"The promotion {fate}.", Remedy.Do(Operation.WatchPromotion, "Follow it"));
        if (!call.Json || quiet) return;
        try
        {
            OutputJson.Write(call.Terminal.Out, PromotionView.Of(await operations.Rack.Store.RequirePromotion(app, id, cancel)),
                OutputJson.Indented.PromotionView);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw LostContact.WithPromotion(operations.Rack, id, lost);
        }
    }

    /// <summary>Returns the heading: <c>Promoting v3 (RX) of hello. v2 (RY) stays active until v3 is verified.</c></summary>
    private static string Heading(StartedPromotion started)
    {
        if (started.Previous == started.Release.Id)
            return $"Restarting {started.Release.Label} of {started.App.Name}: replacing its processes gracefully.";
        var number = $"v{started.Release.Number}";
        var kept = (started.Active, started.Previous) switch
        {
            ({ } active, _) => $"{active.Label} stays active until {number} is verified.",
            (null, { } active) => $"{active} stays active until {number} is verified.",
            _ => $"No release is active until {number} is verified.",
        };
        return $"Promoting {started.Release.Label} of {started.App.Name}. {kept}";
    }
}
