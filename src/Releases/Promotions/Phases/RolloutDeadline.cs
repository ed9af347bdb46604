namespace Releases;

/// <summary>Enforces the limit of a rollout, and determines which service missed it and why.</summary>
internal sealed class RolloutDeadline(
    PromotionJournal journal, RolloutWatch watch, PromotionDrive drive, RetryReporter retries, TimeProvider time)
{
    /// <summary>How long past the limit a driver that can't observe a service keeps trying before the service counts as late.</summary>
    private static readonly TimeSpan MaxBlind = TimeSpan.FromMinutes(2);

    private Promotion Promotion => journal.Promotion;

    private TimeSpan Limit => TimeSpan.FromSeconds(Promotion.TimeoutSeconds ?? 0);

    /// <summary>
    /// Returns the failure of a rollout that isn't complete within its limit, or null before that.
    /// </summary>
    public RolloutFailure? Missed()
    {
        if (time.GetUtcNow() < Promotion.Limit || watch.BlindFor < MaxBlind || IsLimitedByHold) return null;
        var late = Promotion.Services.Where(s => !s.IsCompleteBy(Promotion.Deadline)).DefaultIfEmpty(Promotion.Services[0])
            .MinBy(s => (s.Status == ServiceStatus.Waiting, s.Status))!;
        return new($"{late.Service} didn't complete within {Duration.Text(Limit)}: {Why(late)}.", late.Service);
    }

    /// <summary>
    /// While an approval is awaited, the end of that wait is what limits the rollout. A successor that comes later may read an approval
    /// that was given in time, once the services are ready again, for which it has the time of a rollout.
    /// </summary>
    private bool IsLimitedByHold =>
        Promotion.Hold is { IsWaiting: true } && (watch.AllReady || time.GetElapsedTime(drive.Began) < Limit);

    /// <summary>
    /// Returns the failure if the limit passed before every service was started, as after a driver that died early: no further service is
    /// started.
    /// </summary>
    public RolloutFailure? MissedBeforeStart() => Promotion.Services.Any(s => s.Status == ServiceStatus.Waiting) ? Missed() : null;

    private string Why(PromotionService late) => late.Status switch
    {
        _ when watch.IsUnseen(late.Service) => $"its state can't be observed ({late.Reason ?? "no answer"})",
        ServiceStatus.Waiting => "it wasn't started in time",
        ServiceStatus.Complete when late.CompletedAt is { } done =>
            $"it completed only after {Duration.Text(done - (Promotion.Limit - Limit))}",
        // While the traffic moves, the old processes are there on purpose.
        ServiceStatus.Draining when late.Stage is { } stage => AtStage(stage) + Because(late) + HeldUp,
        ServiceStatus.Draining when late.Old > 0 =>
            $"its new processes are healthy, but {late.Old} old {(late.Old == 1 ? "one hasn't" : "ones haven't")} stopped" + Because(late)
            + HeldUp,
        _ when late.Healthy >= late.Desired && retries.HeldUpFor(TimeSpan.Zero) is { } heldUp => $"the promotion was {heldUp}",
        ServiceStatus.Healthy when late.Stage is { } stage => AtStage(stage) + Because(late),
        _ => $"{late.Healthy} of {late.Desired} processes {(late.Healthy == 1 ? "is" : "are")} healthy" + Because(late) + HeldUp,
    };

    private static string AtStage(string stage) => $"its new processes are healthy, but its deployment isn't complete ({stage})";

    private string HeldUp => retries.HeldUpFor(Limit / 2) is { } heldUp ? $", and the promotion was {heldUp}" : "";

    private static string Because(PromotionService late) => late.Reason is { } reason ? $" ({reason})" : "";
}
