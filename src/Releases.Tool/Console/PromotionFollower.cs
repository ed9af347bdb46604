namespace Releases.Tool;

/// <summary>
/// The promotions that buttons of this console began or took over: followed until they end, so that they have a driver.
/// Pages that only show one do not follow it.
/// </summary>
internal sealed class PromotionFollower(Rack rack, TimeProvider time, ErrorReport report) : IAsyncDisposable
{
    private readonly BackgroundWork<(AppName App, PromotionId Promotion)> _following = new();

    /// <summary>Those that have not ended.</summary>
    public IEnumerable<(AppName App, PromotionId Promotion)> Open => _following.Unfinished;

    public void Begin(AppName app, PromotionId promotion) => _following.Start((app, promotion), stop => ToTheEnd(app, promotion, stop));

    /// <summary>Called when one of them has ended.</summary>
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
            // The console ends; its command says what becomes of the promotion.
        }
#pragma warning disable CA1031 // Nobody awaits this; the records still have the promotion, and a button takes it up again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            report.Write(failure);
        }
    }

    /// <summary>Pages read the records themselves.</summary>
    private sealed class Ignored : IProgress<OperationNote>
    {
        public void Report(OperationNote value)
        {
        }
    }
}
