namespace Releases;

/// <summary>Represents a promotion that is being cancelled.</summary>
/// <param name="Lock">The lock, with the promotion and its driver.</param>
/// <param name="Requested">Whether the promotion was still running when the cancellation was requested.</param>
public sealed record CancelRequest(PromotionLock Lock, bool Requested);

/// <summary>Stops the running promotion, which is then rolled back.</summary>
public sealed class CancelPromotion(OperationContext context)
{
    /// <summary>
    /// Requests the cancellation, and makes sure that a driver receives it. Fails with <see cref="ProblemCode.Nothing"/> if no promotion is
    /// running, and with <see cref="ProblemCode.NotFollowed"/> if the request may have arrived.
    /// </summary>
    public async Task<CancelRequest> Run(AppName app, CancellationToken cancel)
    {
        if (await context.Store.FindLock(app, cancel) is not { } held)
            throw new Problem(
                ProblemCode.Nothing, $"no promotion of {app} is running, so there is nothing to cancel.",
                Remedy.Do(Operation.ListPromotions, "See how earlier ones ended")).ToException();
        var what = new Event
        {
            At = context.Now,
            Kind = EventKind.PromotionCancelRequested,
            By = await context.By(cancel),
            Release = held.Release,
            Promotion = held.Promotion,
        };
        var requested = await Request(app, held.Promotion, what, cancel);
        try
        {
            await context.Rack.Driver.EnsureDriven(app, cancel);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw LostContact.WithPromotion(context.Rack, held.Promotion, lost);
        }

        context.Notes.Report(new OperationNote.PromotionStarted(app, held.Promotion));
        return new(held, requested);
    }

    private async Task<bool> Request(AppName app, PromotionId promotion, Event what, CancellationToken cancel)
    {
        try
        {
            return await context.Store.RequestCancel(app, promotion, what, cancel);
        }
        catch (ProblemException lost) when (LostContact.MayHaveArrived(lost))
        {
            throw LostContact.WithRequest(promotion, "it is being cancelled", lost);
        }
    }
}
