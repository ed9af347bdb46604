namespace Releases;

/// <summary>
/// Checks what must hold before a release of an app is promoted: the app is unlocked, no other promotion is running, and the expected
/// release is active. It is checked before a release is created, so that none is created for a promotion that would be refused.
/// </summary>
public sealed class PromotionPreconditions(OperationContext context)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits as the options allow, and returns the app as it is then, with possibly another active release. Fails with
    /// <see cref="ProblemCode.AppLocked"/>, <see cref="ProblemCode.Busy"/> or <see cref="ProblemCode.ChooseBase"/>.
    /// </summary>
    public async Task<App> Ensure(App app, PromoteOptions options, CancellationToken cancel)
    {
        RequireAgent(options);
        await Check(app, options.WaitLock, cancel);
        var finished = await FinishAbandoned(app, options, cancel);
        var waited = options.WaitLock is { } patience && await WaitForEnd(app, patience, cancel);
        if (finished || waited) app = await context.Store.RequireApp(app.Name, cancel);
        await context.Store.RequireActive(app, await Expected(app, options, cancel), options.ExpectsNone, cancel);
        return app;
    }

    /// <summary>Fails with <see cref="ProblemCode.NotSupported"/> if this process is to drive although the rack's daemon does.</summary>
    public void RequireAgent(PromoteOptions options)
    {
        if (options.Drive && context.Rack.Agent is null)
            throw new Problem(
                ProblemCode.NotSupported, $"rack {context.Rack.Address} has no agent: its daemon drives every promotion.",
                Remedy.LeaveOut(OperationOption.Drive, "Leave it to the daemon"), ProblemKind.Usage,
                Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>Checks what would be refused now; waits for nothing and changes nothing.</summary>
    /// <param name="app">The app.</param>
    /// <param name="waitLock">How long the caller would wait for a running promotion, or null if it wouldn't.</param>
    /// <param name="cancel">Cancels the check.</param>
    public async Task Check(App app, TimeSpan? waitLock, CancellationToken cancel)
    {
        app.RequireUnlocked();
        if (waitLock is null) await RequireNoPromotion(app, cancel);
    }

    /// <summary>Fails with <see cref="ProblemCode.Busy"/> while a promotion is running that has a driver.</summary>
    internal async Task RequireNoPromotion(App app, CancellationToken cancel)
    {
        if (await context.Store.FindLock(app.Name, cancel) is { } held && held.IsDriven(context.Now))
            throw (await context.Store.Busy(held, context.Now, cancel)).ToException();
    }

    internal async Task<ReleaseId?> Expected(App app, PromoteOptions options, CancellationToken cancel) =>
        options.ExpectActive is { } reference ? (await context.Store.RequireRelease(app.Name, reference, cancel)).Id : null;

    /// <summary>
    /// Finishes an abandoned promotion. Returns whether the app may have changed meanwhile. Fails with <see cref="ProblemCode.Busy"/> if it
    /// has a driver after all, whose clock differs from this one, and the options don't wait for it.
    /// </summary>
    internal async Task<bool> FinishAbandoned(App app, PromoteOptions options, CancellationToken cancel)
    {
        var status = await AppStatus.Read(app, context.Store, cancel);
        if (status.Lock is not { } held || !status.IsAbandoned(context.Now)) return false;
        if (context.Rack.Daemon is null ? await IsAlive(held, cancel) : await context.IsDaemonsOwn(held, cancel))
            return options.WaitLock is null && await context.Store.FindLock(app.Name, cancel) is { } running
                ? throw (await context.Store.Busy(running, context.Now, cancel)).ToException() : true;
        var lost = await context.Store.LostDriver(held, context.Now, cancel);
        if (!options.FinishesAbandoned)
        {
            await new TakeOverPromotion(context).Run(app, held, cancel);
            throw new Problem(
                ProblemCode.Busy, $"the {lost}. It is being finished now, and no other can begin before that.",
                "Try again when it has ended.", ProblemKind.Busy).ToException();
        }

        context.Say($"The {lost}; finishing it first.");
        await context.Rack.Driver.EnsureDriven(app.Name, cancel);
        await new FollowPromotion(context).ToTheEnd(app.Name, held.Promotion, cancel);
        return true;
    }

    /// <summary>
    /// Watches a lock for longer than the time between two beats of a driver. Returns whether its driver gives one, or it ended.
    /// </summary>
    private async Task<bool> IsAlive(PromotionLock seen, CancellationToken cancel)
    {
        for (var began = context.Time.GetTimestamp(); context.Time.GetElapsedTime(began) <= LockBeat.Pace;)
        {
            await Task.Delay(PollInterval, context.Time, cancel);
            if (await context.Store.FindLock(seen.App, cancel) is not { } held || held.Promotion != seen.Promotion) return true;
            // Another token is that of a successor, such as a daemon that was started just now: its driver was lost.
            if (held.Token != seen.Token) return false;
            if (held.Beat != seen.Beat) return true;
        }

        return false;
    }

    /// <summary>Reports the running promotion that a caller waits for, if it hasn't ended in the meantime.</summary>
    internal async Task SayWaiting(AppName app, TimeSpan patience, CancellationToken cancel)
    {
        if (await context.Store.FindLock(app, cancel) is not { } held) return;
        var running = await context.Store.FindPromotion(app, held.Promotion, cancel);
        var label = await context.Store.Label(app, held.Release, cancel);
        context.Say(
            $"Waiting up to {Duration.Text(patience)} for the promotion of {held.Summary(label, context.Now, running)}.");
    }

    /// <summary>Waits, and makes sure that the promotion has a driver, so that it ends.</summary>
    internal async Task Pause(AppName app, CancellationToken cancel)
    {
        await context.Rack.Driver.EnsureDriven(app, cancel);
        await Task.Delay(PollInterval, context.Time, cancel);
    }

    /// <summary>Waits until no promotion is running. Returns whether there was one.</summary>
    private async Task<bool> WaitForEnd(App app, TimeSpan patience, CancellationToken cancel)
    {
        var began = context.Time.GetTimestamp();
        for (var waiting = false; ; waiting = true)
        {
            if (await context.Store.FindLock(app.Name, cancel) is not { } held) return waiting;
            var isOver = context.Time.GetElapsedTime(began) >= patience;
            if (isOver || !waiting)
            {
                if (isOver) throw (await context.Store.Busy(held, context.Now, cancel)).ToException();
                await SayWaiting(app.Name, patience, cancel);
            }

            await Pause(app.Name, cancel);
        }
    }
}
