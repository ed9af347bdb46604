namespace Releases;

/// <summary>Represents the result of starting a promotion.</summary>
/// <param name="Held">Its lock, or null if the promotion has ended.</param>
/// <param name="CameTooLate">
/// Whether nothing was written, because another release was added, or became active, before the one that it adds.
/// </param>
public sealed record BegunPromotion(PromotionLock? Held, bool CameTooLate = false);

/// <summary>
/// Starts a promotion: one write takes the app's lock, with its fencing token, and adds the promotion, its event, and the release if it is
/// created together with the promotion.
/// </summary>
public sealed class BeginPromotion(IReleaseStore store, ReleasePlanReader plans, TimeProvider time)
{
    /// <summary>Returns the release of a request if its <c>convox.yml</c> has a plan, which versions before 0.2 don't know.</summary>
    public async Task<Release?> ReleaseWithPlan(PromotionRequest request, CancellationToken cancel)
    {
        var release = request.Adds?.Release ?? await store.RequireRelease(request.App, request.Release, cancel);
        return (await plans.ReadTerms(release, cancel)).HasPlan ? release : null;
    }

    /// <summary>
    /// Starts the promotion, and returns its lock; repeating the request with the same id returns the lock again while the promotion is
    /// running. Fails with <see cref="ProblemCode.Busy"/>, <see cref="ProblemCode.NoSuchApp"/>, <see cref="ProblemCode.NoSuchRelease"/>,
    /// <see cref="ProblemCode.AppLocked"/>, or with <see cref="ProblemCode.ChooseBase"/> if another release than expected is active.
    /// </summary>
    public async Task<BegunPromotion> Run(PromotionRequest request, string owner, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await Begin(request, owner, cancel);
            }
            catch (ProblemException moved) when (moved.Is(ProblemCode.ChangedMeanwhile))
            {
                // Another release became active after the app was read.
            }
        }
    }

    private async Task<BegunPromotion> Begin(PromotionRequest request, string owner, CancellationToken cancel)
    {
        if (await store.FindPromotion(request.App, request.Id, cancel) is not null)
            return new(await store.FindLock(request.App, cancel) is { } held && held.Promotion == request.Id ? held : null);

        // Looked at first: what an open promotion makes active would otherwise be missed if it ended between the two reads.
        if (request.Adds is null && await store.FindLock(request.App, cancel) is { } open) throw open.Busy().ToException();
        var app = await store.RequireApp(request.App, cancel);
        var release = request.Adds?.Release ?? await store.RequireRelease(request.App, request.Release, cancel);
        app.RequireUnlocked();
        await store.RequireActive(app, request.ExpectActive, request.ExpectsNone, cancel);
        if (request.Adds is { } adds && adds.Active != app.Active) return new(null, CameTooLate: true);

        var now = time.GetUtcNow();
        var (timeout, hasPlan) = await plans.ReadTerms(release, cancel);
        var limit = request.Timeout ?? timeout;
        var isNew = await store.IsNew(app, release, cancel);
        var promotion = new Promotion
        {
            Id = request.Id,
            App = app.Name,
            Release = release.Id,
            Previous = app.Active,
            Status = PromotionStatus.Checking,
            StartedBy = request.By,
            StartedAt = now,
            Terms = request with { Timeout = limit, RunRelease = request.RunRelease || isNew },
            Deadline = now + limit + (request.HoldFor ?? TimeSpan.Zero),
            TakesSteps = isNew,
            DriverFormat = hasPlan || request.Holds ? PromotionLock.FormatOfPlans : null,
            IsHandedOver = request.IsHandedOver,
            Trace = request.Trace,
        };
        var what = promotion.ToEvent(EventKind.PromotionStarted, request.By);
        if (request.Adds is not { } addition) return new(await store.BeginPromotion(promotion, owner, what, cancel));
        return await store.TryAddRelease(addition with { Begins = new(promotion, owner, what) }, cancel)
            ? new(PromotionLock.For(promotion, owner)) : new(null, CameTooLate: true);
    }
}
