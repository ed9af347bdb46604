namespace Releases;

/// <summary>Represents a promotion that is being cancelled.</summary>
/// <param name="Lock">The lock, with the promotion and its driver.</param>
/// <param name="Requested">Whether the promotion was still running when the cancellation was requested.</param>
/// <param name="Before">The promotion as it was before.</param>
public sealed record CancelRequest(PromotionLock Lock, bool Requested, Promotion Before);

/// <summary>Stops the running promotion, which is then rolled back, or its rollback.</summary>
public sealed class CancelPromotion(OperationContext context)
{
    /// <summary>
    /// Requests the cancellation, and makes sure that a driver receives it. Fails with <see cref="ProblemCode.Nothing"/> if no promotion is
    /// running, and with <see cref="ProblemCode.NotFollowed"/> if the request may have arrived.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="expected">The promotion that is meant, or null for the one that is running.</param>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<CancelRequest> Run(AppName app, PromotionId? expected, CancellationToken cancel)
    {
        var held = await context.Store.FindRunning(app, expected, "nothing to cancel", cancel);
        return await Run(app, held, null, context.Store.RequestCancel, "the cancellation", "it is being cancelled", cancel);
    }

    /// <summary>
    /// Requests that the rollback ends although it isn't finished: the promotion is then stuck, and its app can be promoted again. Fails
    /// as <see cref="Run(AppName, PromotionId?, CancellationToken)"/> does, and with <see cref="ProblemCode.Nothing"/> if no rollback is
    /// running.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="expected">The promotion whose rollback is meant, or null for the one that is running.</param>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<CancelRequest> EndRollback(AppName app, PromotionId? expected, CancellationToken cancel)
    {
        var held = await context.Store.FindRunning(app, expected, "no rollback to end", cancel);
        return await Run(
            app, held, "its rollback ends unfinished", context.Store.RequestEndOfRollback, "the end of the rollback",
            "its rollback is being ended", cancel);
    }

    private async Task<CancelRequest> Run(
        AppName app, PromotionLock? held, string? rollbackEnds, Request request, string recorded, string arrived, CancellationToken cancel)
    {
        if (held is null)
            throw new Problem(
                ProblemCode.Nothing, $"no promotion of {app} is running, so there is nothing to cancel.",
                Remedy.Do(Operation.ListPromotions, "See how earlier ones ended")).ToException();
        var before = await context.Store.RequirePromotion(app, held.Promotion, cancel);
        if (rollbackEnds is not null && before.Status != PromotionStatus.RollingBack)
            throw new Problem(
                ProblemCode.Nothing,
                $"{await context.Store.Label(app, held.Release, cancel)} isn't being rolled back, so there is no rollback to end.",
                Remedy.Do(Operation.CancelPromotion, "Roll it back")).ToException();
        var what = new Event
        {
            At = context.Now,
            Kind = EventKind.PromotionCancelRequested,
            By = await context.By(cancel),
            Release = held.Release,
            Promotion = held.Promotion,
            Detail = rollbackEnds,
        };
        var requested = await Send();
        try
        {
            await context.Rack.Driver.EnsureDriven(app, cancel);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw LostContact.AfterRequest(held.Promotion, recorded, lost);
        }

        context.Notes.Report(new OperationNote.PromotionStarted(app, held.Promotion));
        return new(held, requested, before);

        async Task<bool> Send()
        {
            try
            {
                return await request(app, held.Promotion, what, cancel);
            }
            catch (ProblemException lost) when (LostContact.MayHaveArrived(lost))
            {
                throw LostContact.WithRequest(held.Promotion, arrived, lost);
            }
        }
    }

    private delegate Task<bool> Request(AppName app, PromotionId promotion, Event what, CancellationToken cancel);
}
