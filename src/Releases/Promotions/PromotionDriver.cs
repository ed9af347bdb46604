namespace Releases;

/// <summary>
/// Makes a release the active one, or leaves everything as it was: a small durable state machine. Every step is recorded, under the lock's
/// fencing token, before its effect is requested from the engine, and each effect is harmless when repeated. So whichever driver holds the
/// lock continues from the record; a take-over runs the same code as the first run.
/// </summary>
public sealed class PromotionDriver(IReleaseStore store, ReleasePlanReader plans, IArtifactStore artifacts,
    IEngine engine, TimeProvider time)
{
    private readonly KeyedLock<AppName> _settled = new();

    /// <summary>
    /// Whether a promotion's limits are by the time that passes on this machine, whatever happens to its clock. On AWS they are by AWS's
    /// clock, in which also a machine that sleeps isn't behind.
    /// </summary>
    public bool IgnoresClockChanges { get; init; }

    /// <summary>
    /// Drives the promotion from its current status until it ends. Fails with <see cref="ProblemCode.Fenced"/> if another driver took over.
    /// </summary>
    /// <param name="drive">The promotion, and what this driver knows of it.</param>
    /// <param name="retries">Reports interruptions and retries.</param>
    /// <param name="sendsTrace">Whether this process sends the promotion's trace when it ends.</param>
    /// <param name="cancel">Stops driving.</param>
    public async Task<Promotion> Drive(PromotionDrive drive, RetryReporter retries, bool sendsTrace, CancellationToken cancel)
    {
        // A retry of cleaning up doesn't settle again: the app's next promotion may be driven by now.
        drive.Settled ??= await DriveUntilSettled(drive, retries, sendsTrace, cancel);
        await engine.CleanUp(drive.Held.App, cancel);
        return drive.Settled;
    }

    private async Task<Promotion> DriveUntilSettled(
        PromotionDrive drive, RetryReporter retries, bool sendsTrace, CancellationToken cancel)
    {
        IDisposable? settled = null;
        try
        {
            var (ended, rollout) = await new LockBeat(store, time).During(drive.Held, async beating =>
            {
                // The end of a promotion is recorded before it is settled, and from then on the app's next one may begin.
                settled = await _settled.Enter(drive.Held.App, beating);
                return await DriveToEnd(drive, retries, sendsTrace, beating);
            }, cancel);
            drive.Ended = ended;
            // The lock is already released, so it needs no heartbeat.
            await engine.Settle(rollout, ended, cancel);
            return ended;
        }
        finally
        {
            settled?.Dispose();
        }
    }

    private async Task<(Promotion Ended, Rollout Rollout)> DriveToEnd(
        PromotionDrive drive, RetryReporter retries, bool sendsTrace, CancellationToken cancel)
    {
        var held = drive.Held;
        var clock = drive.Begin(() => IgnoresClockChanges ? new SteadyTime(time) : time);
        var journal = await PromotionJournal.Open(store, held, clock, sendsTrace, cancel);
        var app = await store.RequireApp(held.App, cancel);
        var release = await store.RequireRelease(held.App, journal.Promotion.Release, cancel);
        drive.Limit = () =>
            journal.Promotion.RollbackDeadline ?? ReleasePhase.LimitOf(journal.Promotion) ?? journal.Promotion.Limit;
        var pause = new PromotionPause(journal, engine, retries, clock);
        var plan = await Read(app, release, journal, pause, cancel);
        var rollout = new Rollout(app, release, journal.Promotion.Id, plan.Services)
        {
            Terms = journal.Promotion.Terms,
            TakesSteps = journal.Promotion.TakesSteps,
            Limit = journal.Promotion.Deadline - journal.Promotion.StartedAt,
        };
        await RunPhases(journal, rollout, plan, pause, drive, retries, clock, cancel);
        return (journal.Promotion, rollout);
    }

    private async Task RunPhases(
        PromotionJournal journal, Rollout rollout, ReleasePlan plan, PromotionPause pause, PromotionDrive drive, RetryReporter retries,
        TimeProvider clock, CancellationToken cancel)
    {
        var services = new RolloutServices(rollout, journal);
        journal.Conclude = new Conclusion(journal, services, engine, pause, retries, clock).Run;
        var watch = new RolloutWatch(journal, services, engine, plan.Redactor, clock);
        var rollback = new RollbackPhase(journal, services, engine, pause, plan.Redactor, drive, clock);
        var end = new RolloutEnd(journal, watch, new(journal, watch, drive, retries, clock), rollback);
        var commands = new CommandRun(journal, pause, plan.Redactor, clock);
        var requests = new RolloutRequests(journal, services, watch, engine, retries, plan.Redactor);
        var judge = new TrafficJudge(journal, services, engine);
        var traffic = new TrafficPhase(journal, requests, watch, end, pause, judge, clock);
        var verify = new VerifyPhase(journal, rollout, services, watch, end, engine, commands, pause, clock);
        var hold = new HoldPhase(journal, watch, end, pause, clock);
        var start = new StartPhase(journal, rollout, requests, watch, end, pause, plan, clock);
        var releasing = new ReleasePhase(journal, rollout, plan, start, engine, commands, clock);
        var check = new CheckPhase(journal, rollout, plan, artifacts, engine, releasing, start, pause, clock);

        while (!journal.Promotion.Ended)
            await (journal.Promotion.Status switch
            {
                // An earlier version may have rolled back since.
                PromotionStatus.RollingOut when journal.Promotion.IsDecided => end.Succeed(cancel),
                PromotionStatus.Checking => check.Run(cancel),
                PromotionStatus.Releasing => releasing.Run(cancel),
                PromotionStatus.RollingOut when !start.IsDone => start.Run(cancel),
                PromotionStatus.RollingOut when verify.IsDue => verify.Run(cancel),
                PromotionStatus.RollingOut when hold.IsDue => hold.Run(cancel),
                PromotionStatus.RollingOut => traffic.Run(cancel),
                PromotionStatus.RollingBack => rollback.Run(cancel),
                var status => throw new InvalidOperationException(
                    $"No phase follows the status {status} of promotion {journal.Promotion.Id}."),
            });
    }

    /// <summary>
    /// A plan that temporarily can't be read is read again within the promotion's limit, and if only the caller can't read it, for a minute
    /// before anything was touched. A rollback doesn't need it.
    /// </summary>
    private async Task<ReleasePlan> Read(App app, Release release, PromotionJournal journal, PromotionPause pause, CancellationToken cancel)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            var plan = await plans.Read(app, release, cancel);
            if (plan.Problems.FirstOrDefault(p => p.MayPass) is not { } passing) return plan;
            var isTried = journal.Promotion.Status == PromotionStatus.RollingBack
                || (journal.Promotion.Status == PromotionStatus.Checking && CheckPhase.IsTried(passing, time.GetElapsedTime(began)));
            if (isTried || !await pause.BeforeRetry(passing, cancel)) return plan with { Problems = [passing] };
        }
    }
}
