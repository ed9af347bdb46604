namespace Releases;

/// <summary>
/// What has to hold before a release of an app is promoted: the app is unlocked, no other promotion runs, and the expected release is
/// active. Asked before a release is made, so that none is made for a promotion that would be refused.
/// </summary>
public sealed class PromotionPreconditions(OperationContext context)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits for what the options allow to wait for, and gives the app as it is then: another release may be active. Fails with
    /// <see cref="ProblemCode.AppLocked"/>, <see cref="ProblemCode.Busy"/> or <see cref="ProblemCode.ChooseBase"/>.
    /// </summary>
    public async Task<App> Ensure(App app, PromoteOptions options, CancellationToken cancel)
    {
        await Check(app, options.WaitLock, cancel);
        var finished = await FinishAbandoned(app, options, cancel);
        var waited = options.WaitLock is { } patience && await WaitForEnd(app, patience, cancel);
        if (finished || waited) app = await context.Store.RequireApp(app.Name, cancel);
        if (await Expected(app, options, cancel) is { } expected && app.Active != expected) throw app.IsNot(expected).ToException();
        return app;
    }

    /// <summary>Refuses what would be refused now; waits for nothing and changes nothing.</summary>
    /// <param name="app">The app.</param>
    /// <param name="waitLock">How long a promotion that runs would be waited for; null: not at all.</param>
    /// <param name="cancel">Ends the check.</param>
    public async Task Check(App app, TimeSpan? waitLock, CancellationToken cancel)
    {
        app.RequireUnlocked();
        if (waitLock is null) await RequireNoPromotion(app, cancel);
    }

    internal async Task RequireNoPromotion(App app, CancellationToken cancel) =>
        (await AppStatus.Read(app, context.Store, cancel)).RequireNoPromotion(context.Now);

    internal async Task<ReleaseId?> Expected(App app, PromoteOptions options, CancellationToken cancel) =>
        options.ExpectActive is { } reference ? (await context.Store.RequireRelease(app.Name, reference, cancel)).Id : null;

    /// <summary>Whether there was an abandoned promotion, which has ended now.</summary>
    internal async Task<bool> FinishAbandoned(App app, PromoteOptions options, CancellationToken cancel)
    {
        var status = await AppStatus.Read(app, context.Store, cancel);
        if (status.Lock is not { } held || !status.IsAbandoned(context.Now)) return false;
        var leftOpen = $"Promotion {held.Promotion} of {held.Release} was left open{status.DriverGone(context.Now)}";
        if (!options.FinishesAbandoned)
        {
            await new TakeOverPromotion(context).Run(app, held, cancel);
            throw new Problem(
                ProblemCode.Busy, $"{leftOpen}. It is being finished now, and no other can begin before that.",
                "Try again when it has ended.", ProblemKind.Busy).ToException();
        }

        context.Say($"{leftOpen}; finishing it first.");
        await context.Rack.Driver.EnsureDriven(app.Name, cancel);
        await new FollowPromotion(context).ToTheEnd(app.Name, held.Promotion, cancel);
        return true;
    }

    /// <summary>The refusal where the running promotion waits for an approval; null: it doesn't.</summary>
    internal async Task<Problem?> WaitingForApproval(AppName app, CancellationToken cancel) =>
        await context.Store.FindLock(app, cancel) is { } held
        && await context.Store.FindPromotion(app, held.Promotion, cancel) is { WaitsForApproval: true } running ? held.Busy(running) : null;

    internal void SayWaiting(Problem busy, TimeSpan patience) => context.Say($"{busy.Message} Waiting up to {Duration.Text(patience)}.");

    /// <summary>Makes sure that what is waited for ends.</summary>
    internal async Task Pause(AppName app, CancellationToken cancel)
    {
        await context.Rack.Driver.EnsureDriven(app, cancel);
        await Task.Delay(PollInterval, context.Time, cancel);
    }

    /// <summary>Whether there was something to wait for.</summary>
    private async Task<bool> WaitForEnd(App app, TimeSpan patience, CancellationToken cancel)
    {
        var began = context.Time.GetTimestamp();
        for (var waiting = false; ; waiting = true)
        {
            if (await context.Store.FindLock(app.Name, cancel) is not { } held) return waiting;
            var isOver = context.Time.GetElapsedTime(began) >= patience;
            if (isOver || !waiting)
            {
                var busy = held.Busy(await context.Store.FindPromotion(app.Name, held.Promotion, cancel));
                if (isOver) throw busy.ToException();
                SayWaiting(busy, patience);
            }

            await Pause(app.Name, cancel);
        }
    }
}
