namespace Releases;

/// <summary>Begins a promotion: one write takes the app's lock, with its fencing token, and adds the promotion and its event.</summary>
public sealed class BeginPromotion(IReleaseStore store, ReleasePlanReader plans, TimeProvider time)
{
    /// <summary>
    /// The lock. Asking again with the same id returns it again while the promotion runs, and null once it has ended.
    /// Fails with <see cref="ProblemCode.Busy"/>, <see cref="ProblemCode.NoSuchApp"/>, <see cref="ProblemCode.NoSuchRelease"/>,
    /// <see cref="ProblemCode.AppLocked"/>, or with <see cref="ProblemCode.ChooseBase"/> when another release than expected is active.
    /// </summary>
    public async Task<PromotionLock?> Run(PromotionRequest request, string owner, CancellationToken cancel)
    {
        if (await store.FindPromotion(request.App, request.Id, cancel) is not null)
            return await store.FindLock(request.App, cancel) is { } held && held.Promotion == request.Id ? held : null;

        var app = await store.RequireApp(request.App, cancel);
        var release = await store.RequireRelease(request.App, request.Release, cancel);
        app.RequireUnlocked();
        if (request.ExpectActive is { } expected && app.Active != expected) throw app.IsNot(expected).ToException();

        var now = time.GetUtcNow();
        var limit = request.Timeout ?? (await plans.Read(app, release, cancel)).Timeout;
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
            TimeoutSeconds = (int)Math.Ceiling(limit.TotalSeconds),
            Deadline = now + limit + (request.HoldFor ?? TimeSpan.Zero),
            RunsRelease = request.RunRelease || isNew,
            TakesSteps = isNew,
            Hold = request.HoldFor is { } wait ? new() { Seconds = (int)Math.Ceiling(wait.TotalSeconds) } : null,
            AllowsEmpty = request.AllowEmpty,
            Supersedes = request.Supersede,
            IsHandedOver = request.IsHandedOver,
            Trace = request.Trace,
        };
        return await store.BeginPromotion(promotion, owner, promotion.ToEvent(EventKind.PromotionStarted, request.By), cancel);
    }
}
