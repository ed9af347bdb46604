namespace Releases;

/// <summary>
/// Makes a release the running one, or sees to it that nothing has changed. A small durable state machine: every step is
/// written through the store, under the lock's fencing token, before its effect is asked of the engine, and each effect is
/// harmless when repeated. So whoever holds the lock can go on from what is written; take-over is the same code as the first run.
/// </summary>
public sealed class Promote(IReleaseStore store, IVault vault, IArtifactStore artifacts, IEngine engine, string rackName, TimeProvider time)
{
    /// <summary>The least time that going back gets.</summary>
    private static readonly TimeSpan RollbackLimit = TimeSpan.FromMinutes(15);

    /// <summary>From one try to the next while something is refused for now.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly ReadPlan _plans = new(store, vault, rackName);

    /// <summary>
    /// Writes the promotion down and takes the app's lock. Asking again with the same id gives the lock again while the
    /// promotion runs. Fails with <see cref="ProblemCode.Busy"/>, <see cref="ProblemCode.NoSuchApp"/>,
    /// <see cref="ProblemCode.NoSuchRelease"/>, <see cref="ProblemCode.AppLocked"/> or <see cref="ProblemCode.ChooseBase"/> when another release than expected is active.
    /// </summary>
    public async Task<PromotionLock?> Begin(PromotionRequest request, string owner, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await store.FindPromotion(request.App, request.Id, cancel) is not null)
            return await store.FindLock(request.App, cancel) is { } held && held.Promotion == request.Id ? held : null;

        var app = await store.RequireApp(request.App, cancel);
        var release = await store.RequireRelease(request.App, request.Release, cancel);
        app.RequireUnlocked();
        if (request.ExpectActive is { } expected && app.Active != expected) throw app.IsNot(expected).ToException();

        var now = time.GetUtcNow();
        var limit = request.Timeout ?? (await _plans.Of(app, release, cancel)).Timeout;
        var promotion = new Promotion
        {
            Id = request.Id,
            App = app.Name,
            Release = release.Id,
            Previous = app.Active,
            Status = PromotionStatus.Checking,
            StartedBy = request.By,
            StartedAt = now,
            TimeoutSeconds = (int)Math.Ceiling(limit.TotalSeconds),
            Deadline = now + limit,
            RunsRelease = request.RunRelease || await IsNew(app, release, cancel),
            AllowsEmpty = request.AllowEmpty,
        };
        return await store.BeginPromotion(promotion, owner, Event(promotion, EventKind.PromotionStarted, request.By), cancel);
    }

    /// <summary>Brings the promotion to its end, from wherever it stands. Fails with <see cref="ProblemCode.Fenced"/> when another driver took over.</summary>
    public Task<Promotion> Drive(PromotionLock held, CancellationToken cancel) => Drive(held, new(held, _ => { }, time), cancel);

    /// <summary>The same, with word of what it waits for.</summary>
    public async Task<Promotion> Drive(PromotionLock held, Trouble trouble, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(trouble);
        var run = await new LockBeat(store, time).During(held, beating => DriveToTheEnd(held, trouble, beating), cancel);
        // The lock is free now, so nothing beats any more.
        await engine.Settle(run.Rollout, run.Promotion, cancel);
        return run.Promotion;
    }

    private async Task<PromotionRun> DriveToTheEnd(PromotionLock held, Trouble trouble, CancellationToken cancel)
    {
        var promotion = await store.FindPromotion(held.App, held.Promotion, cancel)
            ?? throw new InvalidOperationException($"The lock of {held.App} names promotion {held.Promotion}, which is not in the store.");
        var app = await store.RequireApp(held.App, cancel);
        var release = await store.RequireRelease(held.App, promotion.Release, cancel);
        trouble.Limit = promotion.RollbackDeadline ?? promotion.Deadline;
        var plan = await Plan(app, release, promotion, trouble, cancel);
        var rollout = new Rollout(app, release, promotion.Id, plan.Services) { RunsRelease = promotion.RunsRelease, AllowsEmpty = promotion.AllowsEmpty };
        var run = new PromotionRun(store, engine, time, held, promotion, rollout, plan.Redactor, trouble);

        while (!run.Promotion.Ended)
            await (run.Promotion.Status switch
            {
                PromotionStatus.Checking => Check(run, plan, cancel),
                PromotionStatus.Releasing => RunReleaseCommands(run, cancel),
                PromotionStatus.RollingOut => RollOut(run, plan, cancel),
                PromotionStatus.RollingBack => RollBack(run, cancel),
                _ => throw new InvalidOperationException($"Promotion {promotion.Id} is {run.Promotion.Status}, and nothing follows that."),
            });
        return run;
    }

    /// <summary>What cannot be read for now is read again as long as the promotion may take; going back does not need it.</summary>
    private async Task<PromotionPlan> Plan(App app, Release release, Promotion promotion, Trouble trouble, CancellationToken cancel)
    {
        while (true)
        {
            var plan = await _plans.Of(app, release, cancel);
            if (plan.Problems.FirstOrDefault(Passing.MayPass) is not { } passing) return plan;
            if (promotion.Status == PromotionStatus.RollingBack || !await Again(passing, promotion, trouble, cancel)) return plan with { Problems = [passing] };
        }
    }

    private async Task Check(PromotionRun run, PromotionPlan plan, CancellationToken cancel)
    {
        var problems = await Findings(run, plan, cancel);
        while (problems.Count > 0 && problems.All(Passing.MayPass) && await Again(problems[0], run.Promotion, run.Trouble, cancel)) problems = await Findings(run, plan, cancel);

        if (problems.All(Passing.MayPass) && await run.CancelRequestedBy(cancel) is { } by) await run.EndUntouched(by, cancel);
        else if (problems.Count > 0) await run.Refuse(problems, cancel);
        else if (run.HasReleaseCommands) await run.BeginReleasing(cancel);
        else await run.BeginRollout(await Retired(run.Promotion, run.Rollout, cancel), cancel);
        run.Trouble.IsPast();
    }

    private async Task<IReadOnlyList<Problem>> Findings(PromotionRun run, PromotionPlan plan, CancellationToken cancel)
    {
        var problems = new List<Problem>(plan.Problems);
        foreach (var artifact in run.Rollout.Services.Select(s => s.Content.Artifact!).DistinctBy(a => a.Digest))
            if (await artifacts.Verify(artifact, cancel) is { } damaged) problems.Add(damaged);
        if (problems.Count == 0) problems.AddRange(await engine.Check(run.Rollout, cancel));
        return problems;
    }

    /// <summary>Waits before what was refused for now is tried again; false: it was waited for long enough, or somebody cancels.</summary>
    private async Task<bool> Again(Problem passing, Promotion promotion, Trouble trouble, CancellationToken cancel)
    {
        if (time.GetUtcNow() >= promotion.Deadline || (await store.FindLock(promotion.App, cancel))?.CancelRequestedBy is not null) return false;
        trouble.Is(passing.Message);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(engine.WaitForChange(promotion.App, stop.Token), Task.Delay(TryAgain, time, stop.Token));
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return true;
    }

    private async Task RunReleaseCommands(PromotionRun run, CancellationToken cancel)
    {
        if (await run.RunReleaseCommands(cancel)) await run.BeginRollout(await Retired(run.Promotion, run.Rollout, cancel), cancel);
    }

    /// <summary>Going back, restarting and going to an older release are no reason to migrate a database again.</summary>
    private async Task<bool> IsNew(App app, Release release, CancellationToken cancel) =>
        release.CopyOf is null && (app.Active is not { } id || await store.FindRelease(app.Name, id, cancel) is not { } active || release.Number > active.Number);

    private static async Task RollOut(PromotionRun run, PromotionPlan plan, CancellationToken cancel)
    {
        if (plan.Problems is [var problem, ..]) await run.BeginRollback(new(problem.Message), RollbackLimit, cancel);
        else if (run is { IsTooLateToStart: true, Overdue: { } late }) await run.BeginRollback(late, RollbackLimit, cancel);
        while (run.Promotion.Status == PromotionStatus.RollingOut)
        {
            await run.StartAll(cancel);
            await run.ObserveAll(cancel);
            if (run is { AllComplete: true, Unverified: { } unverified }) await run.BeginRollback(unverified, RollbackLimit, cancel);
            else if (run.AllComplete) await run.Succeed(cancel);
            else if (run.Failure is { } failure) await run.BeginRollback(failure, RollbackLimit, cancel);
            else if (await run.CancelRequestedBy(cancel) is { } by) await run.BeginRollback(Failure.Cancelled(by), RollbackLimit, cancel);
            else if (run.Overdue is { } overdue) await run.BeginRollback(overdue, RollbackLimit, cancel);
            else
            {
                if (run.AllHealthy) await run.ShiftAll(cancel);
                await run.WaitForChange(run.Promotion.Deadline, cancel);
            }
        }
    }

    private static async Task RollBack(PromotionRun run, CancellationToken cancel)
    {
        while (run.Promotion.Status == PromotionStatus.RollingBack)
        {
            await run.UndoAll(cancel);
            await run.ObserveUndo(cancel);
            if (run.AllBack) await run.EndRolledBack(cancel);
            else if (run.GivenUpGoingBack) await run.EndStuck(cancel);
            else await run.WaitForChange(run.Promotion.RollbackDeadline!.Value, cancel);
        }
    }

    private async Task<IReadOnlyList<ServiceName>> Retired(Promotion promotion, Rollout rollout, CancellationToken cancel) =>
        promotion.Previous is { } previous && await store.FindRelease(promotion.App, previous, cancel) is { } release
            ? [.. release.Services.Keys.Where(s => rollout.Services.All(r => r.Service.Name != s)).Order()]
            : [];

    internal static Event Event(Promotion promotion, EventKind kind, string by, string? detail = null) => new()
    {
        At = promotion.EndedAt ?? promotion.StartedAt,
        Kind = kind,
        By = by,
        Release = promotion.Release,
        Promotion = promotion.Id,
        Detail = detail,
    };
}
