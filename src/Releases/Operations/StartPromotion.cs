namespace Releases;

/// <summary>Represents a request to promote a release.</summary>
/// <param name="App">The app.</param>
/// <param name="Release">The release; the latest if null.</param>
/// <param name="Options">The options of the promotion.</param>
public sealed record PromoteRelease(App App, ReleaseReference? Release, PromoteOptions Options);

/// <summary>Represents a promotion that was started.</summary>
/// <param name="App">The app.</param>
/// <param name="Release">The release that is being promoted.</param>
/// <param name="Previous">The release that stays active until the new one is verified, or null if none is active.</param>
/// <param name="Active">Its record, or null if there is none.</param>
/// <param name="Promotion">The promotion.</param>
public sealed record StartedPromotion(App App, Release Release, ReleaseId? Previous, Release? Active, PromotionId Promotion);

/// <summary>Starts a promotion, after finishing an abandoned one or waiting for a running one.</summary>
public sealed class StartPromotion(OperationContext context)
{
    private readonly PromotionPreconditions _preconditions = new(context);

    /// <summary>
    /// Returns when the promotion has started. Fails with <see cref="ProblemCode.AppLocked"/>, <see cref="ProblemCode.Busy"/>,
    /// <see cref="ProblemCode.NoSuchRelease"/>, <see cref="ProblemCode.ChooseBase"/>, or <see cref="ProblemCode.NotFollowed"/> if it may
    /// have started but no response arrived.
    /// </summary>
    public async Task<StartedPromotion> Run(PromoteRelease request, CancellationToken cancel)
    {
        var release = await context.Store.RequireReleaseOrLatest(request.App, request.Release, cancel);
        release.RequireNotPruned();
        return (await Begin(request.App, request.Options, async promotion =>
        {
            if (request.Release is null) return await BeginUnless(Overtaken, release, from: null, promotion, cancel);
            await BeginOnce(promotion with { Release = release.Id }, cancel);
            return release;
        }, cancel))!;

        Task<Release?> Overtaken(Release active) => throw new Problem(
            ProblemCode.ChooseBase,
            $"{active.Label} became active meanwhile, and is newer than {release.Label}, which was the latest.",
            PromotionOffer.Of(release, "Promote it anyway"), Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>
    /// Promotes a release that was just built. If its promotion is refused, the release stays, and the problem mentions it. If another one
    /// became active meanwhile, the release is made again with its environment, or refused if it would undo more of it. Returns null,
    /// without a promotion, if the one that became active was made on the release.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="release">The release.</param>
    /// <param name="from">The base that was asked for: <c>active</c>, <c>latest</c>, an id or a number; the latest if null.</param>
    /// <param name="options">The options of the promotion.</param>
    /// <param name="cancel">Cancels the operation before the promotion has started.</param>
    public async Task<StartedPromotion?> RunNew(App app, Release release, string? from, PromoteOptions options, CancellationToken cancel)
    {
        try
        {
            return await RunUnchanged(app, release, from, options, cancel);
        }
        catch (ProblemException refused) when (refused.Kind != ProblemKind.Usage && !refused.Is(ProblemCode.NotFollowed))
        {
            var why = refused.Problems[0];
            var later = PromotionOffer.Of(release, refused.Is(ProblemCode.ChooseBase) ? "Promote it anyway" : "Promote it later");
            var whole = why with
            {
                Message = $"{release.Label} was made but not promoted: {why.Message}",
                Unchanged = null,
                Remedy = why.Remedy?.Or(later) ?? later,
            };
            throw new ProblemException([whole, .. refused.Problems.Skip(1)], refused);
        }
    }

    /// <summary>
    /// Promotes a release that existed already with what a build made. If another one became active meanwhile, it is made again on that
    /// one, as by <see cref="RunNew"/>.
    /// </summary>
    public async Task<StartedPromotion?> RunUnchanged(
        App app, Release release, string? from, PromoteOptions options, CancellationToken cancel)
    {
        release.RequireNotPruned();
        return await Begin(
            app, options, async request => await BeginUnless(_ => Again(request), release, from, request, cancel), cancel);

        async Task<Release?> Again(PromotionRequest request)
        {
            var (again, active) = await new RebasedRelease(context.Rack, context.Time)
                .Create(release, request.By, Adding(request, cancel), cancel);
            if (again is null)
            {
                context.Say($"{active.Label}, which was made on {release.Label}, became active meanwhile, so nothing is left to promote.");
                return null;
            }

            context.Say(
                $"{active.Label} became active meanwhile. Created {again.Label}: {release.Label} with its environment.");
            context.Notes.Report(new OperationNote.ReleaseCreated(again));
            return again;
        }
    }

    /// <summary>
    /// Promotes a release that is created by the same write that starts its promotion. If that is refused, there is no release. Returns
    /// null if none is created.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="options">The options of the promotion.</param>
    /// <param name="create">
    /// Creates the release with the write that it is passed, which returns false if another release was added or became active first.
    /// Called again after each promotion that was waited for.
    /// </param>
    /// <param name="cancel">Cancels the operation before the promotion has started.</param>
    internal Task<StartedPromotion?> RunAdding(
        App app, PromoteOptions options, Func<Func<ReleaseAddition, Task<bool>>, Task<Release?>> create, CancellationToken cancel) =>
        Begin(app, options, request => create(Adding(request, cancel)), cancel);

    private Func<ReleaseAddition, Task<bool>> Adding(PromotionRequest request, CancellationToken cancel) =>
        addition => BeginOnce(request with { Release = addition.Release.Id, Adds = addition }, cancel);

    /// <summary>Promotes a release, unless another one overtook it; see <see cref="RebasedRelease.Overtaking"/>.</summary>
    private async Task<Release?> BeginUnless(
        Func<Release, Task<Release?>> overtaken, Release release, string? from, PromotionRequest request, CancellationToken cancel)
    {
        var isStated = request.ExpectActive is not null || request.ExpectsNone;
        while (true)
        {
            var app = await context.Store.RequireApp(request.App, cancel);
            if (await RebasedRelease.Overtaking(context.Store, app, release, from, cancel) is { } active) return await overtaken(active);
            try
            {
                await BeginOnce(
                    isStated ? request with { Release = release.Id }
                    : request with { Release = release.Id, ExpectActive = app.Active, ExpectsNone = app.Active is null },
                    cancel);
                return release;
            }
            catch (ProblemException moved) when (moved.Is(ProblemCode.ChooseBase) && !isStated)
            {
                // Another one became active after the app was read.
            }
        }
    }

    /// <param name="app">The app.</param>
    /// <param name="options">The options of the promotion.</param>
    /// <param name="ask">Requests the promotion, and returns the release that is promoted, or null if there is none to promote.</param>
    /// <param name="cancel">Cancels the operation before the promotion has started.</param>
    private async Task<StartedPromotion?> Begin(
        App app, PromoteOptions options, Func<PromotionRequest, Task<Release?>> ask, CancellationToken cancel)
    {
        var mayHaveStarted = false;
        try
        {
            return await BeginOrWait(app, options, Asked, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            if (mayHaveStarted)
                context.Say(
                    "Interrupted. The promotion may have started.", Remedy.Do(Operation.WatchPromotion, "See whether it has"));
            else context.Say("Interrupted before the promotion started.");
            throw;
        }

        async Task<Release?> Asked(PromotionRequest request)
        {
            mayHaveStarted = true;
            try
            {
                return await ask(request);
            }
            catch (ProblemException)
            {
                mayHaveStarted = false;
                throw;
            }
        }
    }

    private async Task<StartedPromotion?> BeginOrWait(
        App app, PromoteOptions options, Func<PromotionRequest, Task<Release?>> ask, CancellationToken cancel)
    {
        app.RequireUnlocked();
        _preconditions.RequireAgent(options);
        var expected = await _preconditions.Expected(app, options, cancel);
        var request = new PromotionRequest(PromotionId.New(), app.Name, default, await context.By(cancel), options)
        {
            ExpectActive = expected,
            ExpectsNone = options.ExpectsNone,
            Drive = options.Drive,
            Trace = context.Trace,
        };
        if (!options.FinishesAbandoned) await _preconditions.RequireNoPromotion(app, cancel);
        await _preconditions.FinishAbandoned(app, options, cancel);
        await context.SayOtherDaemon(cancel);
        if (await Ask(request, ask, options.WaitLock ?? TimeSpan.Zero, cancel) is not { } release) return null;
        context.Notes.Report(new OperationNote.PromotionStarted(app.Name, request.Id));
        var (previous, active) = await Previous(request, app.Active, cancel);
        return new(app, release, previous, active, request.Id);
    }

    /// <summary>
    /// Returns the release that was active when the promotion started, which was possibly waited for. If it can't be read now, the caller
    /// that follows the promotion will notice that, so the one from before is returned.
    /// </summary>
    private async Task<(ReleaseId? Id, Release? Release)> Previous(PromotionRequest request, ReleaseId? before, CancellationToken cancel)
    {
        try
        {
            var promotion = await context.Store.RequirePromotion(request.App, request.Id, cancel);
            return (promotion.Previous, promotion.Previous is { } id ? await context.Store.FindRelease(request.App, id, cancel) : null);
        }
        catch (Exception unread) when (unread is not OperationCanceledException)
        {
            return (before, null);
        }
    }

    private async Task<Release?> Ask(
        PromotionRequest request, Func<PromotionRequest, Task<Release?>> ask, TimeSpan patience, CancellationToken cancel)
    {
        var began = context.Time.GetTimestamp();
        for (var waiting = false; ; waiting = true)
        {
            try
            {
                return await ask(request);
            }
            catch (ProblemException busy) when (busy.Is(ProblemCode.Busy) && context.Time.GetElapsedTime(began) < patience)
            {
                if (!waiting) await _preconditions.SayWaiting(request.App, patience, cancel);
            }
            catch (ProblemException busy) when (busy.Is(ProblemCode.Busy))
            {
                // The store knows neither the release's number nor whether it waits for an approval.
                if (await context.Store.FindLock(request.App, cancel) is { } held)
                    throw (await context.Store.Busy(held, context.Now, cancel)).ToException(busy);
                throw;
            }

            await _preconditions.Pause(request.App, cancel);
        }
    }

    /// <summary>
    /// If the response is lost, the promotion may have started. Repeating the request with the same id doesn't start another one, and makes
    /// sure that it has a driver.
    /// </summary>
    private async Task<bool> BeginOnce(PromotionRequest request, CancellationToken cancel)
    {
        try
        {
            return await context.Rack.Driver.Begin(request, cancel);
        }
        catch (ProblemException lost) when (LostContact.MayHaveArrived(lost))
        {
            if (!await HasBegun(request, lost, cancel)) throw;
            try
            {
                return await context.Rack.Driver.Begin(request, cancel);
            }
            catch (ProblemException again)
            {
                throw LostContact.WithPromotion(context.Rack, request.Id, again);
            }
        }
    }

    private async Task<bool> HasBegun(PromotionRequest request, ProblemException lost, CancellationToken cancel)
    {
        try
        {
            return await context.Store.FindPromotion(request.App, request.Id, cancel) is not null;
        }
        catch (ProblemException)
        {
            throw LostContact.WithRequest(request.Id, "the promotion has begun", lost);
        }
    }
}
