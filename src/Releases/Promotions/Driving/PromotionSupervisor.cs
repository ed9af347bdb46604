using System.Collections.Concurrent;

namespace Releases;

/// <summary>
/// Drives the promotions of one process: those that it starts, those that are left to it, and those that it takes over because their driver
/// is gone. Each is driven until it ends. Promotions that are still open when the process stops are left to a successor.
/// </summary>
public sealed class PromotionSupervisor(
    IReleaseStore store, BeginPromotion begin, PromotionDriver driver, SupervisorOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The owner in the lock of a promotion that no agent has taken yet.</summary>
    public const string AgentToCome = "the rack's agent";

    private readonly BackgroundWork<(AppName App, PromotionId Promotion)> _driven = new();
    private readonly ConcurrentDictionary<AppName, ProblemException> _givenUp = new();
    private readonly ConcurrentDictionary<AppName, LastBeat> _beats = new();

    /// <summary>Held while a promotion begins, until it is driven, and while one is taken over: either of them drives it.</summary>
    private readonly KeyedLock<AppName> _apps = new();

    private RetryingDriver Retrying => field ??= new(driver, options.Report, time, options.GivesUp)
    {
        SendsTraces = () => options.SendTrace() is not null,
        Interrupted = options.Interrupted,
    };

    /// <summary>
    /// Starts the promotion and drives it. Not cancelable: a promotion that was written must be driven. The return value and the failures
    /// are those of <see cref="IPromotionDriver.Begin"/>.
    /// </summary>
    public async Task<bool> Begin(PromotionRequest request)
    {
        using var entered = await _apps.Enter(request.App, CancellationToken.None);
        // If the first request handed the promotion over, it is an agent's to take.
        var begun = await Begun(request, options.Owner);
        if (begun.Held is not { IsOffered: false } held) return !begun.CameTooLate;
        _givenUp.TryRemove(request.App, out _);
        Drive(held);
        return true;
    }

    /// <summary>
    /// Starts the promotion and leaves it to the rack's agents. The return value and the failures are those of <see cref="Begin"/>.
    /// </summary>
    public async Task<bool> HandOver(PromotionRequest request) =>
        !(await Begun(request with { IsHandedOver = true }, AgentToCome)).CameTooLate;

    /// <summary>
    /// Takes over the app's open promotion once its driver has been silent for long enough. Silence is only measured while this is called.
    /// Fails if this process gave up the app's promotion, or if only a newer version can drive it.
    /// </summary>
    public async Task EnsureDriven(AppName app, CancellationToken cancel = default)
    {
        RequireNotGivenUp(app);
        using var entered = await _apps.Enter(app, cancel);
        if (await store.FindLock(app, cancel) is not { } seen || Driving(app, seen.Promotion) is not null)
        {
            _beats.TryRemove(app, out _);
            return;
        }

        if (!(seen.IsOffered && options.TakesOffered) && SilentFor(seen) < options.TakeOverAfter) return;
        await RequireReadable(seen, cancel);
        var what = new Event
        {
            At = time.GetUtcNow(),
            Kind = EventKind.PromotionTakenOver,
            By = options.Owner,
            Promotion = seen.Promotion,
            Release = seen.Release,
        };
        if (await store.TakeOver(seen, options.Owner, what, CancellationToken.None) is not { } held) return;
        options.Report(HowTaken(seen));
        // A promotion that nobody has driven yet can't have anything in progress.
        if (!seen.IsUntouched) options.TakenOver();
        Drive(held);
    }

    /// <summary>Returns a task that completes when the promotion is no longer driven here, or null if it isn't.</summary>
    public Task? Driving(AppName app, PromotionId promotion) => _driven.Find((app, promotion));

    /// <summary>Fails if this process gave up the app's promotion.</summary>
    public void RequireNotGivenUp(AppName app)
    {
        if (_givenUp.TryGetValue(app, out var givenUp)) throw givenUp;
    }

    /// <summary>Stops driving. Open promotions stay open for a successor; those that have ended are cleaned up.</summary>
    public async Task Stop()
    {
        if (options.SettleWithin > TimeSpan.Zero)
            await Task.WhenAny(
                Task.WhenAll(_driven.Unfinished.Select(d => CleanedUp(d.App, d.Promotion))), Task.Delay(options.SettleWithin, time));
        await _driven.Stop();
    }

    /// <summary>Waits for the clean-up of a promotion if it has ended.</summary>
    private async Task CleanedUp(AppName app, PromotionId promotion)
    {
        if (Driving(app, promotion) is { } driving && await HasEnded(app, promotion)) await driving;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _driven.DisposeAsync();
    }

    /// <summary>If the response to the write was lost, the promotion may be open, and no other process would drive it.</summary>
    private async Task<BegunPromotion> Begun(PromotionRequest request, string owner)
    {
        try
        {
            return await begin.Run(request, owner, CancellationToken.None);
        }
        catch (ProblemException lost) when (lost.IsTransient)
        {
            if (await store.FindLock(request.App) is { } held && held.Promotion == request.Id) return new(held);
            throw;
        }
    }

    /// <summary>
    /// Fails before anything is written if a newer version wrote what the promotion needs. Otherwise it would be taken over at every look.
    /// </summary>
    private async Task RequireReadable(PromotionLock seen, CancellationToken cancel)
    {
        _ = await store.FindPromotion(seen.App, seen.Promotion, cancel);
        _ = await store.FindApp(seen.App, cancel);
        _ = await store.FindRelease(seen.App, seen.Release, cancel);
    }

    private string HowTaken(PromotionLock seen) => seen switch
    {
        { IsOffered: true } when !options.TakesOffered =>
            $"no agent took promotion {seen.Promotion} within {Duration.Text(options.TakeOverAfter)}, so this process drives it",
        { IsUntouched: true } => $"promotion {seen.Promotion} of {seen.Release} in {seen.App}, begun by {seen.StartedBy}",
        { IsOffered: true } => $"promotion {seen.Promotion} was left by {seen.Owner}",
        _ when options.TakeOverAfter > TimeSpan.Zero =>
            $"promotion {seen.Promotion} was taken over from {seen.Owner}, which gave no sign for {Duration.Text(options.TakeOverAfter)}",
        _ => $"promotion {seen.Promotion} was taken over from {seen.Owner}",
    };

    /// <summary>Measured by this process's own clock, because the clocks of machines differ.</summary>
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
            ended = await Retrying.Run(held, stop);
            if (ended is null && stop.IsCancellationRequested && options.OffersOnStop) await Offer(held);
        }
        catch (ProblemException givenUp)
        {
            _givenUp[held.App] = givenUp;
        }

        try
        {
            if (ended?.Trace is { IsSentByDriver: true } && options.SendTrace() is { } send) await send(ended);
        }
        finally
        {
            await options.Released(held, ended);
        }
    });

    /// <summary>If this fails, a successor waits until the driver has been silent for long enough.</summary>
    private async Task Offer(PromotionLock held)
    {
        try
        {
            await store.OfferLock(held);
        }
        catch (ProblemException left)
        {
            if (!left.Is(ProblemCode.Fenced))
                options.Report($"promotion {held.Promotion} couldn't be handed over: {left.Problems[0].Message}");
        }
    }

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
