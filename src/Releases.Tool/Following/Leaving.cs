namespace Releases.Tool;

/// <summary>How a command leaves a promotion that is open: not before that does it no harm, and with words on what becomes of it.</summary>
internal static class Leaving
{
    /// <summary>What becomes of it: what follows "Promotion … "; null: it has ended meanwhile. The first Ctrl-C does not cut it short, as the wait may be due to one.</summary>
    public static async Task<string?> Safely(Invocation call, Rack rack, AppName app, PromotionId id)
    {
        try
        {
            return await rack.Driver.Leave(
                app, id,
                until => call.Terminal.Say(
                    $"Promotion {id} is left once {until}. A second Ctrl-C ends the tool at once; the promotion stays as it is then, until it is taken up with: dotnet convox watch"),
                CancellationToken.None);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw FollowErrors.Of(rack, id, lost);
        }
    }
}
