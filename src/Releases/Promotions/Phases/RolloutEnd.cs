namespace Releases;

/// <summary>Decides after each observation whether a rollout has succeeded or must be rolled back, and records the decision.</summary>
internal sealed class RolloutEnd(PromotionJournal journal, RolloutWatch watch, RolloutDeadline deadline, RollbackPhase rollback)
{
    public async Task<bool> IsDecided(CancellationToken cancel)
    {
        if (watch.AllComplete && Unverified is null)
        {
            await Succeed(cancel);
            return true;
        }

        var failure = watch.AllComplete ? Unverified : watch.Failure ?? await Cancelled(cancel) ?? deadline.Missed();
        return await RollBack(failure, cancel);
    }

    public Task Succeed(CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Succeeded }, cancel);

    /// <summary>
    /// Determines whether to roll back before anything more is started: the release can no longer be read, or the limit has passed.
    /// </summary>
    public async Task<bool> IsHopeless(ReleasePlan plan, CancellationToken cancel)
    {
        var failure = plan.Problems is [var problem, ..] ? new(KeptOutput.Reason(problem.Message, plan.Redactor))
            // An earlier version began this if it couldn't read the manifest.
            : journal.Promotion.Services is [] ? new("none of the release's services was recorded.")
            : deadline.MissedBeforeStart();
        // A release that can't be read for now isn't read any longer once somebody cancelled.
        if (failure is not null && plan.Problems.All(p => p.MayPass)) failure = await Cancelled(cancel) ?? failure;
        return await RollBack(failure, cancel);
    }

    /// <summary>
    /// The earlier check no longer holds if every service was scaled to 0 in the meantime: no process can verify anything.
    /// </summary>
    private RolloutFailure? Unverified => journal.Promotion.AllowsEmpty || journal.Promotion.Services.Any(s => s.Desired > 0)
        ? null
        : new("every service was scaled to 0 during the rollout, so no process could verify the release.");

    private async Task<RolloutFailure?> Cancelled(CancellationToken cancel) =>
        await journal.CancelRequestedBy(cancel) is { } by ? RolloutFailure.Cancelled(by) : null;

    private async Task<bool> RollBack(RolloutFailure? failure, CancellationToken cancel)
    {
        if (failure is null) return false;
        await rollback.Begin(failure, failure.Service is { } service ? watch.LinesSoFar(service) : [], cancel);
        return true;
    }
}
