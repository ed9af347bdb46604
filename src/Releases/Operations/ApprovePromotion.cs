namespace Releases;

/// <summary>Approves the promotion that is waiting for an approval, which then continues.</summary>
public sealed class ApprovePromotion(OperationContext context)
{
    /// <summary>The format number that a version must support to read the event.</summary>
    private const int EventFormat = 2;

    /// <summary>
    /// Approves the promotion, and returns its lock. Fails with <see cref="ProblemCode.Nothing"/> if none is waiting for an approval, and
    /// with <see cref="ProblemCode.NotFollowed"/> if the approval may have arrived.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="expected">The promotion that is meant, or null for the one that is running.</param>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<PromotionLock> Run(AppName app, PromotionId? expected, CancellationToken cancel)
    {
        var held = await context.Store.FindRunning(app, expected, "nothing to approve", cancel) ?? throw Nothing(
            $"no promotion of {app} is running, so there is nothing to approve.",
            Remedy.Do(Operation.ListPromotions, "See how earlier ones ended"));
        var promotion = await context.Store.RequirePromotion(app, held.Promotion, cancel);
        var label = await context.Store.Label(app, held.Release, cancel);
        var by = await context.By(cancel);
        var now = context.Rack.Clock(context.Time).GetUtcNow();
        if ((Refusal(held, promotion, label) ?? await Late(held, promotion, label, now, cancel)) is { } why)
        {
            await Nudge(promotion, cancel);
            throw Nothing(why, Remedy.Do(Operation.WatchPromotion, "Follow it"));
        }

        var what = new Event
        {
            Format = EventFormat,
            At = now,
            Kind = EventKind.PromotionApproved,
            By = by,
            Release = held.Release,
            Promotion = held.Promotion,
        };
        if (!await Approve(app, held.Promotion, what, cancel)) throw Nothing(
            $"the promotion of {label} has ended or was cancelled meanwhile, or its time to be approved is over.",
            Remedy.Do(Operation.ShowPromotion, "Details", held.Promotion.ToString()));
        try
        {
            await context.Rack.Driver.EnsureDriven(app, cancel);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            throw LostContact.AfterRequest(held.Promotion, "the approval", lost);
        }

        context.Notes.Report(new OperationNote.PromotionStarted(app, held.Promotion));
        return held;
    }

    /// <summary>Makes sure that somebody drives it; if that fails, why there is nothing to approve is still the answer.</summary>
    private async Task Nudge(Promotion promotion, CancellationToken cancel)
    {
        try
        {
            if (promotion.WaitsForApproval) await context.Rack.Driver.EnsureDriven(promotion.App, cancel);
        }
        catch (ProblemException undriven)
        {
            context.Say($"note: {undriven.Problems[0].Message}");
        }
    }

    private static string? Refusal(PromotionLock held, Promotion promotion, string label) => promotion switch
    {
        _ when held.CancelRequestedBy is { } by => $"{by} is cancelling the promotion of {label}, so there is nothing to approve.",
        { Status: PromotionStatus.RollingBack } => $"the promotion of {label} is being rolled back, so there is nothing to approve.",
        { Hold: null } => $"the promotion of {label} wasn't started with a hold, so it needs no approval.",
        { Hold.Since: null } =>
            $"the promotion of {label} isn't ready for approval yet: its new processes are still being started and verified.",
        { Hold: var hold } when (hold.ApprovedBy ?? held.ApprovedBy) is { } by => $"{label} was already approved by {by}.",
        _ => null,
    };

    /// <summary>
    /// Returns why it is too late, or null if it isn't. A daemon that drives the promotion ends the wait itself, by the time that passes,
    /// even if its machine's clock was set.
    /// </summary>
    private async Task<string?> Late(
        PromotionLock held, Promotion promotion, string label, DateTimeOffset now, CancellationToken cancel) =>
        promotion.Hold?.Until is { } until && (held.HoldEnded || (now >= until && !await context.IsDaemonsOwn(held, cancel)))
            ? $"the time to approve {label} ended {RelativeTime.InSentence(until < now ? until : now, now)}, so it will be rolled back."
            : null;

    private async Task<bool> Approve(AppName app, PromotionId promotion, Event what, CancellationToken cancel)
    {
        try
        {
            return await context.Store.Approve(app, promotion, what, cancel);
        }
        catch (ProblemException lost) when (LostContact.MayHaveArrived(lost))
        {
            throw LostContact.WithRequest(promotion, "the approval has arrived", lost);
        }
    }

    private static ProblemException Nothing(string why, Remedy next) => new Problem(ProblemCode.Nothing, why, next).ToException();
}
