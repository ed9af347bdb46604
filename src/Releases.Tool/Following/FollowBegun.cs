namespace Releases.Tool;

/// <summary>Follows a promotion that this command began and tells how it ended, or leaves at once if that is wanted.</summary>
internal static class FollowBegun
{
    /// <summary>Fails as the promotion does, even if it ends before it can be left. Quiet: what was made was printed already, and nothing more is data.</summary>
    public static async Task Run(Invocation call, Rack rack, App app, PromotionId id, PromoteOptions options, bool quiet, CancellationToken cancel)
    {
        if (!options.Detach || await Leaving.Safely(call, rack, app.Name, id) is not { } fate)
        {
            await Outcome.Tell(call, rack, await Watch.ToTheEnd(call, rack, app.Name, id, cancel), quiet, cancel);
            return;
        }

        call.Terminal.Say($"Promotion {id} {fate}; follow it with: dotnet convox watch");
        if (!call.Json || quiet) return;
        try
        {
            OutputJson.Write(call.Terminal.Out, PromotionView.Of(await rack.Store.RequirePromotion(app.Name, id, cancel)), OutputJson.Indented.PromotionView);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw FollowErrors.Of(rack, id, lost);
        }
    }
}
