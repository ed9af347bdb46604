namespace Releases;

/// <summary>Promotes the active release again, which replaces every process gracefully.</summary>
public sealed class Restart(OperationContext context)
{
    /// <summary>
    /// Returns when the promotion has started. Fails with <see cref="ProblemCode.Nothing"/> if no release is active, and as a promotion
    /// does.
    /// </summary>
    public async Task<StartedPromotion> Run(App app, PromoteOptions options, CancellationToken cancel)
    {
        if (app.Active is not null) app = await new PromotionPreconditions(context).Ensure(app, options, cancel);
        if (app.Active is not { } active)
            throw new Problem(
                ProblemCode.Nothing, $"{app.Name} has no active release, so there is nothing to restart.",
                await PromotionOffer.OfLatest(context.Store, app, "Promote one", cancel)).ToException();
        // A release that becomes active in the meantime must not be replaced by this one.
        return await new StartPromotion(context).Run(new(app, active, options.Replacing(active)), cancel);
    }
}
