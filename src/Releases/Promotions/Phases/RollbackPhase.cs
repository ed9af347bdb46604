namespace Releases;

/// <summary>Undoes every service and verifies that the previous version is live again, or ends as stuck.</summary>
internal sealed class RollbackPhase(
    PromotionJournal journal, RolloutServices services, IEngine engine, PromotionPause pause, Redactor redactor, PromotionDrive drive,
    TimeProvider time)
{
    /// <summary>The minimum time limit of a rollback.</summary>
    private static readonly TimeSpan MinLimit = TimeSpan.FromMinutes(15);

    private readonly HashSet<ServiceName> _undone = [];

    private bool _hasBegunHere;

    /// <param name="failure">Why the rollout is rolled back.</param>
    /// <param name="linesSoFar">What the failed service had printed before, in case it printed nothing as it failed.</param>
    /// <param name="cancel">Cancels the write.</param>
    public Task Begin(RolloutFailure failure, IReadOnlyList<string> linesSoFar, CancellationToken cancel)
    {
        var (promotion, now) = (journal.Promotion, time.GetUtcNow());
        var own = TimeSpan.FromSeconds(promotion.TimeoutSeconds ?? 0);
        _hasBegunHere = drive.RollsBack = true;
        return journal.Save(promotion with
        {
            Status = PromotionStatus.RollingBack,
            Reason = failure.Reason,
            FailedService = failure.Service,
            CancelledBy = failure.CancelledBy,
            Steps = promotion.StepsUntil(now),
            RollbackDeadline = now + (own > MinLimit ? own : MinLimit),
            // A waiting service that moves last has notes, by which the engine knows whether it was touched. One that wasn't touched is
            // verified where its processes ended with the driver before.
            Services = [.. promotion.Services.Select(s => engine.Concludes && s is { Status: ServiceStatus.Waiting, Engine: null }
                ? s.At(ServiceStatus.RolledBack, now)
                : (s.Service == failure.Service ? Failed(s) : s).At(ServiceStatus.RollingBack, now))],
        }, cancel);

        PromotionService Failed(PromotionService service)
        {
            var failed = service.At(ServiceStatus.Failed, now);
            return failed.LastLines.Count > 0 ? failed : failed with { LastLines = linesSoFar };
        }
    }

    public async Task Run(CancellationToken cancel)
    {
        if (!_hasBegunHere && !engine.Concludes) await Reopen(cancel);
        drive.RollsBack = true;
        while (journal.Promotion.Status == PromotionStatus.RollingBack)
        {
            await Undo(cancel);
            await Look(cancel);
            if (journal.Promotion.Services.All(s => s.Status == ServiceStatus.RolledBack)) await Finish(cancel);
            else if (IsOver) await FinishStuck(null, cancel);
            else if (await journal.RollbackEndedBy(cancel) is { } by) await FinishStuck(by, cancel);
            else await pause.ForChange(journal.Promotion.RollbackDeadline!.Value, cancel);
        }
    }

    /// <summary>Nothing more will be rolled back: somebody else changed the remaining services, or the limit has passed.</summary>
    private bool IsOver =>
        time.GetUtcNow() >= journal.Promotion.RollbackDeadline
        || journal.Promotion.Services.All(s => s.Status is ServiceStatus.RolledBack or ServiceStatus.Stuck);

    /// <summary>
    /// All services have to be verified again: their processes ended with the driver before, and were just started again, or may have
    /// failed while this driver was interrupted, which gives it no more time.
    /// </summary>
    private Task Reopen(CancellationToken cancel)
    {
        var (promotion, now) = (journal.Promotion, time.GetUtcNow());
        return journal.Save(promotion with
        {
            RollbackDeadline = drive.RollsBack || promotion.RollbackDeadline > now + MinLimit
                ? promotion.RollbackDeadline
                : now + MinLimit,
            Services =
                [.. promotion.Services.Select(s => s.Status == ServiceStatus.RolledBack ? s.At(ServiceStatus.RollingBack, now) : s)],
        }, cancel);
    }

    /// <summary>
    /// Undoes first what moved last. A service whose undo fails doesn't hold up the others; it is retried after the next observation.
    /// </summary>
    private async Task Undo(CancellationToken cancel)
    {
        var open = journal.Promotion.Services.Where(s => s.Status == ServiceStatus.RollingBack && !_undone.Contains(s.Service));
        foreach (var service in open.OrderByDescending(s => s.MovesLast))
        {
            try
            {
                await engine.Undo(services.Of(service.Service), cancel);
                _undone.Add(service.Service);
            }
            catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
            {
                await journal.Save(WaitingFor(journal.Find(service.Service), problem.Reason), cancel);
            }
        }
    }

    private async Task Look(CancellationToken cancel)
    {
        var seen = await engine.ObserveUndo(services.Where(s => _undone.Contains(s.Service)), cancel);
        await journal.Save([.. journal.Promotion.Services.Select(s => seen.TryGetValue(s.Service, out var found) ? Seen(s, found) : s)],
            cancel);
    }

    private PromotionService Seen(PromotionService service, Observation seen)
    {
        var now = time.GetUtcNow();
        var counted = seen.State == ObservedState.Unknown
            ? service
            : service with { Running = seen.Running, Healthy = seen.Healthy, Old = seen.Old };
        return seen.State switch
        {
            ObservedState.Complete => WithCause(counted).At(ServiceStatus.RolledBack, now),
            ObservedState.Superseded =>
                (counted with { Reason = KeptOutput.Reason(seen.Reason, redactor) ?? service.Reason }).At(ServiceStatus.Stuck, now),
            // It was back, and isn't any longer: a process failed since.
            _ when service.Status == ServiceStatus.RolledBack && !engine.Concludes =>
                WaitingFor(counted, seen.Reason).At(ServiceStatus.RollingBack, now),
            // Its rollback no longer waits for anything.
            _ when service.Status == ServiceStatus.RolledBack => counted,
            _ => WaitingFor(counted, seen.Reason),
        };
    }

    private Task Finish(CancellationToken cancel)
    {
        var promotion = journal.Promotion;
        var status = promotion.CancelledBy is null ? PromotionStatus.Failed : PromotionStatus.Cancelled;
        return journal.Finish(promotion with { Status = status }, cancel);
    }

    /// <param name="endedBy">Who ended the rollback, or null if its time is over.</param>
    /// <param name="cancel">Cancels the write.</param>
    private Task FinishStuck(string? endedBy, CancellationToken cancel)
    {
        var (promotion, now) = (journal.Promotion, time.GetUtcNow());
        return journal.Finish(promotion with
        {
            Status = PromotionStatus.Stuck,
            Reason = endedBy is null ? promotion.Reason : $"{promotion.Reason?.TrimEnd('.')}. {endedBy} ended the rollback.",
            Services =
            [
                .. journal.Promotion.Services.Select(s =>
                    s.Status == ServiceStatus.RolledBack ? s : s.At(ServiceStatus.Stuck, now) with { Cause = null }),
            ],
        }, cancel);
    }

    /// <summary>Recorded as the service's reason, so that it is visible what the rollback is waiting for.</summary>
    private PromotionService WaitingFor(PromotionService service, string? what) => what is null
        ? service
        : service with { Cause = service.Cause ?? service.Reason ?? "", Reason = KeptOutput.Reason(what, redactor) };

    /// <summary>Returns the service with the reason why it was rolled back.</summary>
    private static PromotionService WithCause(PromotionService service) => service.Cause is { } cause
        ? service with { Cause = null, Reason = cause.Length > 0 ? cause : null }
        : service;
}
