namespace Releases.Tool;

/// <summary>Follows a promotion for a person, who may leave.</summary>
internal static class Watch
{
    /// <summary>Shows it until it ends. Whoever leaves with Ctrl-C sees what continues without them, as soon as something does.</summary>
    public static async Task<Promotion> ToTheEnd(Invocation call, Rack rack, AppName app, PromotionId id, CancellationToken cancel)
    {
        var terminal = call.Terminal;
        IProgressDisplay display = terminal.CanRedraw ? new LiveProgress(terminal, call.Time) : new PlainProgress(terminal);
        try
        {
            return await display.While(show => new Follow(rack, call.Time).ToTheEnd(app, id, show, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            if (await Leaving.Safely(call, rack, app, id) is not { } fate) return await Ended(rack, app, id);
            terminal.Say($"Detached. Promotion {id} {fate}; follow it with: dotnet convox watch; stop it with: dotnet convox cancel");
            throw;
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw FollowErrors.Of(rack, id, lost);
        }
    }

    private static async Task<Promotion> Ended(Rack rack, AppName app, PromotionId id)
    {
        try
        {
            return await rack.Store.RequirePromotion(app, id, CancellationToken.None);
        }
        catch (Exception lost)
        {
            throw FollowErrors.Of(rack, id, lost);
        }
    }
}
