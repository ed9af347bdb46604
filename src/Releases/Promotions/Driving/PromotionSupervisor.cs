using System.Collections.Concurrent;

namespace Releases;

/// <summary>
/// The promotions that one process drives: those that it begins, and those that it takes over because their driver is gone. Each is
/// driven until it ends. What is still open when the process stops is left to a successor.
/// </summary>
public sealed class PromotionSupervisor(
    IReleaseStore store, BeginPromotion begin, PromotionDriver driver, SupervisorOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly BackgroundWork<(AppName App, PromotionId Promotion)> _driven = new();
    private readonly ConcurrentDictionary<AppName, ProblemException> _givenUp = new();
    private readonly ConcurrentDictionary<AppName, LastBeat> _beats = new();
    private readonly RetryingDriver _driver = new(driver, options.Report, time, options.GivesUp);

    /// <summary>Begins it and drives it. Not cut short: what is written is driven. Fails as <see cref="BeginPromotion.Run"/> does.</summary>
    public async Task Begin(PromotionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await Begun(request) is not { } held) return;
        _givenUp.TryRemove(request.App, out _);
        Drive(held);
    }

    /// <summary>
    /// Takes the app's open promotion over once its driver was silent for long enough. Watches only while it is called.
    /// Fails where this process gave the app's promotion up.
    /// </summary>
    public async Task EnsureDriven(AppName app, CancellationToken cancel = default)
    {
        RequireNotGivenUp(app);
        if (await store.FindLock(app, cancel) is not { } seen || Driving(app, seen.Promotion) is not null)
        {
            _beats.TryRemove(app, out _);
            return;
        }

        if (SilentFor(seen) < options.TakeOverAfter) return;
        var what = new Event
        {
            At = time.GetUtcNow(),
            Kind = EventKind.PromotionTakenOver,
            By = options.Owner,
            Promotion = seen.Promotion,
            Release = seen.Release,
        };
        if (await store.TakeOver(seen, options.Owner, what, CancellationToken.None) is not { } held) return;
        var silence = options.TakeOverAfter > TimeSpan.Zero ? $", which gave no sign for {Duration.Text(options.TakeOverAfter)}" : "";
        options.Report($"promotion {seen.Promotion} was taken over from {seen.Owner}{silence}");
        options.TakenOver();
        Drive(held);
    }

    /// <summary>Completes when a promotion is no longer driven here; null: it is not.</summary>
    public Task? Driving(AppName app, PromotionId promotion) => _driven.Find((app, promotion));

    /// <summary>Fails where this process gave the app's promotion up.</summary>
    public void RequireNotGivenUp(AppName app)
    {
        if (_givenUp.TryGetValue(app, out var givenUp)) throw givenUp;
    }

    /// <summary>Stops driving. What is open stays open for a successor; what has ended is cleaned up.</summary>
    public async Task Stop()
    {
        foreach (var (app, promotion) in _driven.Unfinished)
            if (Driving(app, promotion) is { } driving && options.SettleWithin > TimeSpan.Zero && await HasEnded(app, promotion))
                await Task.WhenAny(driving, Task.Delay(options.SettleWithin, time));
        await _driven.Stop();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _driven.DisposeAsync();
    }

    /// <summary>Where the answer to the write was lost, the promotion may be open, and nobody else would drive it.</summary>
    private async Task<PromotionLock?> Begun(PromotionRequest request)
    {
        try
        {
            return await begin.Run(request, options.Owner, CancellationToken.None);
        }
        catch (ProblemException lost) when (lost.IsTransient())
        {
            if (await store.FindLock(request.App) is { } held && held.Promotion == request.Id) return held;
            throw;
        }
    }

    /// <summary>By this process's own clock, as the clocks of machines differ.</summary>
    private TimeSpan SilentFor(PromotionLock seen)
    {
        var now = new LastBeat(seen.Promotion, seen.Token, seen.Beat, time.GetTimestamp());
        var since = _beats.AddOrUpdate(seen.App, now, (_, before) => now with { Since = before.Since } == before ? before : now).Since;
        return time.GetElapsedTime(since);
    }

    private void Drive(PromotionLock held) => _driven.Start((held.App, held.Promotion), async stop =>
    {
        Promotion? ended = null;
        try
        {
            ended = await _driver.Run(held, stop);
        }
        catch (ProblemException givenUp)
        {
            _givenUp[held.App] = givenUp;
        }

        await options.Released(held, ended);
    });

    /// <summary>A promotion that can't be read is left open.</summary>
    private async Task<bool> HasEnded(AppName app, PromotionId promotion)
    {
        try
        {
            return (await store.FindLock(app))?.Promotion != promotion;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private readonly record struct LastBeat(PromotionId Promotion, long Token, long Beat, long Since);
}
