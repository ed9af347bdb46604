namespace Releases.Tool;

/// <summary>Starts a promotion, after finishing or waiting for an open one.</summary>
internal static class Begin
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public static Task<PromotionId> Promotion(Invocation call, Rack rack, App app, Release release, PromoteOptions options, CancellationToken cancel) =>
        Promotion(call, rack, app, release, options, PromotionId.New(), cancel);

    private static async Task<PromotionId> Promotion(Invocation call, Rack rack, App app, Release release, PromoteOptions options, PromotionId id, CancellationToken cancel)
    {
        app.RequireUnlocked();
        var expected = await Expected(rack, app, options, cancel);
        var request = new PromotionRequest(id, app.Name, release.Id, await call.By(rack, cancel), options.Timeout, expected, options.RunRelease, options.AllowEmpty);
        if (await EndWhatWasAbandoned(call, rack, app, cancel)) app = await rack.Store.RequireApp(app.Name, cancel);
        await Ask(call, rack, request, options.WaitLock ?? TimeSpan.Zero, cancel);
        call.Terminal.Say($"Promoting {release.Id} (v{release.Number}) of {app.Name}; {app.Active?.ToString() ?? "nothing"} is active until it is verified.");
        return request.Id;
    }

    /// <summary>The same for a release that the command has just made: if it is refused, the release stays, and the refusal names it.</summary>
    public static async Task<PromotionId> PromotionOfNew(Invocation call, Rack rack, App app, Release release, PromoteOptions options, CancellationToken cancel)
    {
        var id = PromotionId.New();
        try
        {
            return await Promotion(call, rack, app, release, options, id, cancel);
        }
        catch (ProblemException refused) when (refused.Kind != ProblemKind.Usage)
        {
            if (!refused.Is(ProblemCode.NotFollowed)) call.Terminal.Say($"{release.Id} was made and is not promoted; promote it later with: dotnet convox promote {release.Id}");
            throw;
        }
    }

    /// <summary>
    /// Refuses now what would be refused when it begins, so that no release is made for nothing, and gives the app as it is once
    /// a promotion that was left open, or is waited for, has ended: another release may be active then.
    /// </summary>
    public static async Task<App> RequireFree(Invocation call, Rack rack, App app, PromoteOptions options, CancellationToken cancel)
    {
        app.RequireUnlocked();
        await RequireNoPromotion(call, rack, app, options, cancel);
        var ended = await EndWhatWasAbandoned(call, rack, app, cancel);
        var waited = options.WaitLock is { } patience && await WaitForItsEnd(call, rack, app, patience, cancel);
        if (ended || waited) app = await rack.Store.RequireApp(app.Name, cancel);
        if (await Expected(rack, app, options, cancel) is { } expected && app.Active != expected) throw app.IsNot(expected).ToException();
        return app;
    }

    /// <summary>Refuses while a promotion runs that nobody wants to wait for.</summary>
    public static async Task RequireNoPromotion(Invocation call, Rack rack, App app, PromoteOptions options, CancellationToken cancel)
    {
        if (options.WaitLock is null) (await AppStatus.Read(app, rack.Store, cancel)).RequireNoPromotion(call.Now);
    }

    private static async Task<ReleaseId?> Expected(Rack rack, App app, PromoteOptions options, CancellationToken cancel) =>
        options.ExpectActive is { } reference ? (await rack.Store.RequireRelease(app.Name, reference, cancel)).Id : null;

    /// <summary>Whether there was something to end.</summary>
    private static async Task<bool> EndWhatWasAbandoned(Invocation call, Rack rack, App app, CancellationToken cancel)
    {
        var appStatus = await AppStatus.Read(app, rack.Store, cancel);
        if (appStatus.Lock is not { } held || appStatus.Gone(call.Now) is not { Length: > 0 } gone) return false;
        call.Terminal.Say($"Promotion {held.Promotion} of {held.Release} was left open{gone}; it is brought to its end first.");
        await rack.Driver.EnsureDriven(app.Name, cancel);
        await Watch.ToTheEnd(call, rack, app.Name, held.Promotion, cancel);
        return true;
    }

    /// <summary>Whether there was something to wait for.</summary>
    private static async Task<bool> WaitForItsEnd(Invocation call, Rack rack, App app, TimeSpan patience, CancellationToken cancel)
    {
        var began = call.Time.GetTimestamp();
        for (var waiting = false; ; waiting = true)
        {
            if (await rack.Store.FindLock(app.Name, cancel) is not { } held) return waiting;
            if (call.Time.GetElapsedTime(began) >= patience) throw held.Busy().ToException();
            if (!waiting) SayWaiting(call, held.Busy(), patience);
            await rack.Driver.EnsureDriven(app.Name, cancel);
            await Task.Delay(LookAgain, call.Time, cancel);
        }
    }

    /// <summary>One whose answer was lost may have begun; asking again with the same id begins nothing twice, and has it driven.</summary>
    private static async Task BeginOnce(Rack rack, PromotionRequest request, CancellationToken cancel)
    {
        try
        {
            await rack.Driver.Begin(request, cancel);
        }
        catch (ProblemException lost) when (FollowErrors.MayHaveArrived(lost))
        {
            if (!await HasBegun(rack, request, lost, cancel)) throw;
            try
            {
                await rack.Driver.Begin(request, cancel);
            }
            catch (ProblemException again)
            {
                throw FollowErrors.Of(rack, request.Id, again);
            }
        }
    }

    private static async Task<bool> HasBegun(Rack rack, PromotionRequest request, ProblemException lost, CancellationToken cancel)
    {
        try
        {
            return await rack.Store.FindPromotion(request.App, request.Id, cancel) is not null;
        }
        catch (ProblemException)
        {
            throw FollowErrors.Unanswered(request.Id, $"the promotion of {request.Release} has begun", lost);
        }
    }

    private static void SayWaiting(Invocation call, Problem busy, TimeSpan patience) =>
        call.Terminal.Say($"{busy.Message} Waiting for it, at most {Duration.Text(patience)}.");

    private static async Task Ask(Invocation call, Rack rack, PromotionRequest request, TimeSpan patience, CancellationToken cancel)
    {
        var began = call.Time.GetTimestamp();
        for (var waiting = false; ; waiting = true)
        {
            try
            {
                await BeginOnce(rack, request, cancel);
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                call.Terminal.Say($"Interrupted while it was being asked for; whether promotion {request.Id} has begun, see with: dotnet convox watch");
                throw;
            }
            catch (ProblemException busy) when (busy.Is(ProblemCode.Busy) && call.Time.GetElapsedTime(began) < patience)
            {
                if (!waiting) SayWaiting(call, busy.Problems[0], patience);
            }

            await rack.Driver.EnsureDriven(request.App, cancel);
            await Task.Delay(LookAgain, call.Time, cancel);
        }
    }
}
