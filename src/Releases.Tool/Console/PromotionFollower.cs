namespace Releases.Tool;

/// <summary>
/// Drives the promotions that this console's buttons started or took over until they end. Pages that only show a promotion don't drive it.
/// </summary>
internal sealed class PromotionFollower(Rack rack, TimeProvider time, ErrorReport report) : IAsyncDisposable
{
    private readonly BackgroundWork<(AppName App, PromotionId Promotion)> _following = new();

    /// <summary>Gets the promotions that haven't ended.</summary>
    public IEnumerable<(AppName App, PromotionId Promotion)> Open => _following.Unfinished;

    public void Begin(AppName app, PromotionId promotion) => _following.Start((app, promotion), stop => ToTheEnd(app, promotion, stop));

    /// <summary>Gets the callback for promotions that have ended.</summary>
    public Func<Promotion, Task> Ended { get; init; } = _ => Task.CompletedTask;

    public ValueTask DisposeAsync() => _following.DisposeAsync();

    private async Task ToTheEnd(AppName app, PromotionId id, CancellationToken stop)
    {
        try
        {
            await Ended(await new FollowPromotion(new(rack, time, _ => Task.FromResult(""), new Ignored())).Observe(app, id, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The console is stopping; its command reports what becomes of the promotion.
        }
#pragma warning disable CA1031 // This isn't awaited; the promotion is still in the store, and a button can take it over.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            report.Write(failure);
        }
    }

    /// <summary>Ignores progress, because pages read it from the store.</summary>
    private sealed class Ignored : IProgress<OperationNote>
    {
        public void Report(OperationNote value)
        {
        }
    }
}
