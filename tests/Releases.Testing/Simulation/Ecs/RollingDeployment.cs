namespace Releases.Testing.Simulation.Ecs;

/// <summary>A rolling deployment. Its progress follows from the time alone.</summary>
internal sealed class RollingDeployment(
    string arn, string target, string? before, TaskBehavior behavior, int desired, bool breaker, EarlySuccessSetting? early,
    DateTimeOffset startedAt)
    : Deployment(arn, target, before, behavior, desired, startedAt)
{
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RollbackRequested = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RollingBack = TimeSpan.FromSeconds(20);

    private DateTimeOffset? _stoppedAt;
    private DateTimeOffset? _replacedAt;

    public override bool HasBreaker => breaker;

    public override int Failures(DateTimeOffset now) =>
        TaskBehavior is TaskBehavior.Fails fails
            ? (int)Math.Min((Until(now) - StartedAt) / fails.Every, breaker ? Threshold : int.MaxValue)
            : 0;

    public override bool CanStop(DateTimeOffset now) =>
        Status(now) is "PENDING" or "IN_PROGRESS" or "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";

    /// <summary>Somebody asks to go back; harmless while it already does.</summary>
    public override void Stop(DateTimeOffset now)
    {
        if (Status(now) is "PENDING" or "IN_PROGRESS") _stoppedAt = now;
    }

    /// <summary>Another deployment of the service takes its place.</summary>
    public override void Supersede(DateTimeOffset now)
    {
        if (CanStop(now)) _replacedAt = now;
    }

    public override string Status(DateTimeOffset now)
    {
        if (_replacedAt is not null || IsGivenUp(now)) return "STOPPED";
        if (FailedAt(now) is { } failed)
            return now < failed + RollbackRequested ? "ROLLBACK_REQUESTED"
                : Before is null ? "ROLLBACK_FAILED"
                : now < failed + RollbackRequested + RollingBack ? "ROLLBACK_IN_PROGRESS"
                : "ROLLBACK_SUCCESSFUL";
        if (now < StartedAt + Pending) return "PENDING";
        return SucceededAt <= now ? "SUCCESSFUL" : "IN_PROGRESS";
    }

    /// <summary>When it ended; null before that.</summary>
    public override DateTimeOffset? FinishedAt(DateTimeOffset now) =>
        !IsOver(now) ? null : _replacedAt ?? (IsGivenUp(now) ? GivenUpAt : null)
            ?? (FailedAt(now) is { } failed ? failed + RollbackRequested + RollingBack : SucceededAt);

    /// <summary>All of it has landed, so that it has as many tasks as the service wants by now.</summary>
    public override bool FollowsDesiredCount(DateTimeOffset now) =>
        TaskBehavior is TaskBehavior.BecomesHealthy lands && Status(now) == "SUCCESSFUL" && now >= StartedAt + lands.After;

    /// <summary>When each task of the target that runs was started, and whether it is healthy.</summary>
    public override IEnumerable<(DateTimeOffset StartedAt, bool Healthy)> RunningTasks(DateTimeOffset now)
    {
        if (Status(now) is "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED" || TaskBehavior is TaskBehavior.Fails) return [];
        var up = Enumerable.Range(1, Desired).Select(n => (StartedAt: UpAt(n),
            Healthy: TaskBehavior is not TaskBehavior.NeverHealthy && !(TaskBehavior is TaskBehavior.PartlyHealthy s && n > s.Healthy)))
            .Where(t => t.StartedAt <= now).Select(t => (t.StartedAt!.Value, t.Healthy));
        return TaskBehavior is TaskBehavior.DiesAfterSuccess dies && SucceededAt is { } landed && now >= landed + dies.Later
            ? up.Take(dies.Left)
            : up;
    }

    /// <summary>When the nth task of the target runs, healthy if it ever is. With early success they come one after another.</summary>
    private DateTimeOffset? UpAt(int number) => TaskBehavior switch
    {
        TaskBehavior.Fails => null,
        TaskBehavior.BecomesHealthy lands => StartedAt + (early is null ? lands.After / 2 : lands.After * number / Math.Max(1, Desired)),
        TaskBehavior.DiesAfterSuccess dies => StartedAt + (dies.After * number / Math.Max(1, Desired)),
        TaskBehavior.PartlyHealthy some =>
            number <= some.Healthy || some.OthersRun ? StartedAt + (some.After * number / Math.Max(1, Desired)) : null,
        _ => StartedAt + Pending,
    };

    /// <summary>How many old tasks ECS still wants.</summary>
    public override int OldDesired(DateTimeOffset now) =>
        TaskBehavior is TaskBehavior.Fails { IsGivenUp: true } ? Desired
        : TaskBehavior is TaskBehavior.NeverDrains || SucceededAt <= now
        || (early is null && TaskBehavior is TaskBehavior.BecomesHealthy && NewRunning(now) == Desired) ? 0 : Desired;

    /// <summary>How many old tasks run while nothing has failed; one that is sick is gone for some seconds until another one takes its
    /// place.</summary>
    public override int OldRunning(DateTimeOffset now)
    {
        if (Before is null) return 0;
        if (IsGivenUp(now)) return Desired;
        if (!IsOver(now)) return TaskBehavior.OldAreUnhealthy && (now - StartedAt).TotalSeconds % 10 < 5 ? Desired - 1 : Desired;
        return SucceededAt is { } landed && early is not { Deferred: false } && now - landed < TaskBehavior.OldStopAfter ? Desired : 0;
    }

    private DateTimeOffset? SucceededAt
    {
        get
        {
            var needed = early?.Needed(Desired) ?? Desired;
            var healthy = TaskBehavior switch
            {
                TaskBehavior.BecomesHealthy lands => early is null ? StartedAt + lands.After : UpAt(needed),
                TaskBehavior.DiesAfterSuccess => UpAt(needed),
                TaskBehavior.PartlyHealthy some when some.Healthy >= needed => UpAt(needed),
                _ => null,
            };
            return early is { Deferred: false }
                ? TaskBehavior.OldStopAfter < TimeSpan.FromDays(1) ? healthy + TaskBehavior.OldStopAfter : null
                : healthy;
        }
    }

    private DateTimeOffset? FailedAt(DateTimeOffset now)
    {
        var byBreaker = breaker && TaskBehavior is TaskBehavior.Fails { IsGivenUp: false } fails
            ? StartedAt + (fails.Every * Threshold) : (DateTimeOffset?)null;
        var first = _stoppedAt is { } stopped && (byBreaker is null || stopped < byBreaker) ? stopped : byBreaker;
        return first <= now ? first : null;
    }

    /// <summary>When the circuit breaker ends it without a rollback; null: it doesn't.</summary>
    private DateTimeOffset? GivenUpAt =>
        TaskBehavior is TaskBehavior.Fails { IsGivenUp: true } fails ? StartedAt + (fails.Every * Threshold) : null;

    private bool IsGivenUp(DateTimeOffset now) => GivenUpAt <= now && FailedAt(now) is null;

    private DateTimeOffset Until(DateTimeOffset now) => FailedAt(now) ?? now;
}
