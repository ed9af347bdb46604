namespace Releases;

/// <summary>Takes over a promotion whose driver is gone.</summary>
public sealed class TakeOverPromotion(OperationContext context)
{
    /// <summary>
    /// Returns the lock of the promotion, which now has a driver. Fails with <see cref="ProblemCode.Nothing"/> if none is open.
    /// </summary>
    public async Task<PromotionLock> Run(App app, CancellationToken cancel) =>
        await context.Store.FindLock(app.Name, cancel) is { } held
            ? await Run(app, held, cancel)
            : throw new Problem(ProblemCode.Nothing, $"no promotion of {app.Name} is running.").ToException();

    internal async Task<PromotionLock> Run(App app, PromotionLock held, CancellationToken cancel)
    {
        await context.Rack.Driver.EnsureDriven(app.Name, cancel);
        context.Notes.Report(new OperationNote.PromotionStarted(app.Name, held.Promotion));
        return held;
    }
}
