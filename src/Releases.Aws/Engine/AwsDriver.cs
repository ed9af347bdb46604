using System.Collections.Concurrent;

namespace Releases.Aws;

/// <summary>
/// Drives promotions in this process, under a lease in the table. Whoever finds a promotion whose driver gives no sign takes it over;
/// the clocks of machines are not compared, the beats are watched.
/// </summary>
internal sealed class AwsDriver(IReleaseStore store, BeginPromotion begin, PromotionDriver driver, EcsEngine engine, Action<string> tell, TimeProvider time) : IPromotionDriver, IAsyncDisposable
{
    /// <summary>How long a command stays to finish what a promotion leaves to do once it has ended.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<PromotionId, (AppName App, Task Driving)> _driven = new();
    private readonly ConcurrentDictionary<PromotionId, ProblemException> _givenUp = new();
    private readonly ConcurrentDictionary<AppName, Watched> _watched = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly RetryingDriver _driver = new(driver, tell, time, givesUp: true);
    private readonly string _owner = $"process {Environment.ProcessId} on {Environment.MachineName}";

    public string WithoutThisCommand => Undriven.Unseen;

    /// <summary>Not cut short once it is asked for: what is written down is driven.</summary>
    public async Task Begin(PromotionRequest request, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        if (await Begun(request) is { } held) Drive(held);
    }

    /// <summary>Where the answer to its writing was lost, it may be open, and nobody else would drive it.</summary>
    private async Task<PromotionLock?> Begun(PromotionRequest request)
    {
        try
        {
            return await begin.Run(request, _owner, CancellationToken.None);
        }
        catch (ProblemException lost) when (lost.IsTransient())
        {
            if (await store.FindLock(request.App) is { } held && held.Promotion == request.Id) return held;
            throw;
        }
    }

    /// <summary>
    /// Looks whether somebody drives the app's open promotion, and takes it over once nobody has for long enough. Fails where this
    /// process has tried and cannot.
    /// </summary>
    public async Task EnsureDriven(AppName app, CancellationToken cancel = default)
    {
        if (_givenUp.Values.FirstOrDefault() is { } givenUp) throw givenUp;
        if (await store.FindLock(app, cancel) is not { } seen || _driven.ContainsKey(seen.Promotion))
        {
            _watched.TryRemove(app, out _);
            return;
        }

        var watched = _watched.AddOrUpdate(app, _ => Watch(seen), (_, before) => before.Sign == Watched.SignOf(seen) ? before : Watch(seen));
        if (time.GetElapsedTime(watched.Since) < LockBeat.Lease) return;
        var what = new Event { At = time.GetUtcNow(), Kind = EventKind.PromotionTakenOver, By = _owner, Promotion = seen.Promotion, Release = seen.Release };
        if (await store.TakeOver(seen, _owner, what, CancellationToken.None) is not { } held) return;
        tell($"{seen.Owner} gave no sign for {Duration.Text(LockBeat.Lease)}; promotion {seen.Promotion} is driven from here now");
        engine.TakenOver();
        Drive(held);
    }

    /// <summary>Waits while only a driver can do what comes next; one that another process drives is left at once.</summary>
    public async Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default)
    {
        var outage = new OutageTolerance(time);
        for (string? said = null; ; cancel.ThrowIfCancellationRequested())
        {
            if (_givenUp.TryGetValue(promotion, out var givenUp)) throw givenUp;
            var driving = _driven.GetValueOrDefault(promotion).Driving;
            try
            {
                if (await store.FindPromotion(app, promotion, cancel) is not { Ended: false } open) return null;
                if (driving is null) return await store.FindLock(app, cancel) is { } held && held.Promotion == promotion ? Undriven.WithAnother(held) : null;
                if (Undriven.NotBefore(open) is not { } until) return Undriven.WithEcs;
                if (until != said) waiting(said = until);
                outage.Reset();
            }
            catch (ProblemException failure) when (outage.Tolerates(failure))
            {
                // The next look may reach them.
            }

            var pause = Task.Delay(LookAgain, time, cancel);
            await Task.WhenAny(driving ?? pause, pause);
        }
    }

    /// <summary>Stops driving; what is open stays open for a successor, and what has ended is seen through.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (promotion, (app, driving)) in _driven)
            if (await HasEnded(app, promotion)) await Task.WhenAny(driving, Task.Delay(LongestSettling, time));
        await _stop.CancelAsync();
        await Task.WhenAll(_driven.Values.Select(d => d.Driving));
        _stop.Dispose();
    }

    /// <summary>One that can't be seen is left open.</summary>
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

    private Watched Watch(PromotionLock seen) => new(Watched.SignOf(seen), time.GetTimestamp());

    private void Drive(PromotionLock held) => _driven.GetOrAdd(held.Promotion, id => (held.App, Task.Run(async () =>
    {
        try
        {
            await _driver.Run(held, _stop.Token);
        }
        catch (ProblemException givenUp)
        {
            _givenUp[id] = givenUp;
        }

        _driven.TryRemove(id, out _);
    })));

    /// <summary>The sign of life that was seen last, and since when there was none after it.</summary>
    private sealed record Watched((PromotionId Promotion, long Token, long Beat) Sign, long Since)
    {
        public static (PromotionId Promotion, long Token, long Beat) SignOf(PromotionLock seen) => (seen.Promotion, seen.Token, seen.Beat);
    }
}
