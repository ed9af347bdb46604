namespace Releases.Testing.Simulation.Ecs;

/// <summary>One service deployment: the rollout and, where it fails, its rollback. Where it stands follows from the time alone.</summary>
internal sealed class Deployment(string arn, string target, string? before, TaskBehavior behavior, int desired, bool breaker, EarlySuccessSetting? early, DateTimeOffset startedAt)
{
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Requested = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoingBack = TimeSpan.FromSeconds(20);

    private DateTimeOffset? _stoppedAt;
    private DateTimeOffset? _replacedAt;

    public string Arn => arn;

    public string Target => target;

    public string? Before => before;

    public TaskBehavior TaskBehavior => behavior;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>The rule of ECS: half the desired count, but at least 3 and at most 200.</summary>
    public int Threshold => Math.Clamp((int)Math.Ceiling(desired * 0.5), 3, 200);

    public int Failures(DateTimeOffset now) =>
        behavior is TaskBehavior.Fails fails ? (int)Math.Min((Until(now) - startedAt) / fails.Every, breaker ? Threshold : int.MaxValue) : 0;

    public bool CanStop(DateTimeOffset now) => Status(now) is "PENDING" or "IN_PROGRESS" or "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";

    /// <summary>Somebody asks to go back; harmless while it already does.</summary>
    public void Stop(DateTimeOffset now)
    {
        if (Status(now) is "PENDING" or "IN_PROGRESS") _stoppedAt = now;
    }

    /// <summary>Another deployment of the service takes its place.</summary>
    public void ReplacedAt(DateTimeOffset now)
    {
        if (CanStop(now)) _replacedAt = now;
    }

    public string Status(DateTimeOffset now)
    {
        if (_replacedAt is not null) return "STOPPED";
        if (FailedAt(now) is { } failed)
            return now < failed + Requested ? "ROLLBACK_REQUESTED"
                : before is null ? "ROLLBACK_FAILED"
                : now < failed + Requested + GoingBack ? "ROLLBACK_IN_PROGRESS"
                : "ROLLBACK_SUCCESSFUL";
        if (now < startedAt + Pending) return "PENDING";
        return LandedAt <= now ? "SUCCESSFUL" : "IN_PROGRESS";
    }

    /// <summary>When it came to its end; null before that.</summary>
    public DateTimeOffset? FinishedAt(DateTimeOffset now) => !IsOver(now) ? null : _replacedAt ?? (FailedAt(now) is { } failed ? failed + Requested + GoingBack : LandedAt);

    /// <summary>The task definition that the service's PRIMARY runs.</summary>
    public string Primary(DateTimeOffset now) => Status(now) is "ROLLBACK_IN_PROGRESS" or "ROLLBACK_SUCCESSFUL" ? before! : target;

    public bool IsOver(DateTimeOffset now) => Status(now) is "SUCCESSFUL" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED" or "STOPPED";

    /// <summary>All of it has landed, so that it has as many tasks as the service wants by now.</summary>
    public bool IsScaledAfter(DateTimeOffset now) => behavior is TaskBehavior.BecomesHealthy lands && Status(now) == "SUCCESSFUL" && now >= startedAt + lands.After;

    /// <summary>How many tasks of the target run.</summary>
    public int RunningNew(DateTimeOffset now) => UpSince(now).Count();

    /// <summary>When each task of the target that runs was started, and whether it is healthy.</summary>
    public IEnumerable<(DateTimeOffset StartedAt, bool Healthy)> UpSince(DateTimeOffset now)
    {
        if (Status(now) is "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED" || behavior is TaskBehavior.Fails) return [];
        var up = Enumerable.Range(1, desired).Select(n => (StartedAt: UpAt(n), Healthy: behavior is not TaskBehavior.NeverHealthy && !(behavior is TaskBehavior.PartlyHealthy s && n > s.Healthy)))
            .Where(t => t.StartedAt <= now).Select(t => (t.StartedAt!.Value, t.Healthy));
        return behavior is TaskBehavior.DiesAfterSuccess dies && LandedAt is { } landed && now >= landed + dies.Later ? up.Take(dies.Left) : up;
    }

    /// <summary>When the nth task of the target runs, healthy if it ever is. With early success they come one after another.</summary>
    private DateTimeOffset? UpAt(int number) => behavior switch
    {
        TaskBehavior.Fails => null,
        TaskBehavior.BecomesHealthy lands => startedAt + (early is null ? lands.After / 2 : lands.After * number / Math.Max(1, desired)),
        TaskBehavior.DiesAfterSuccess dies => startedAt + (dies.After * number / Math.Max(1, desired)),
        TaskBehavior.PartlyHealthy some => number <= some.Healthy || some.OthersRun ? startedAt + (some.After * number / Math.Max(1, desired)) : null,
        _ => startedAt + Pending,
    };

    /// <summary>How many old tasks ECS still wants.</summary>
    public int WantedOld(DateTimeOffset now) =>
        behavior is TaskBehavior.NeverDrains || LandedAt <= now || (early is null && behavior is TaskBehavior.BecomesHealthy && RunningNew(now) == desired) ? 0 : desired;

    /// <summary>How many old tasks run while nothing has failed; one that is sick is gone for some seconds until another one takes its place.</summary>
    public int OldLeft(DateTimeOffset now)
    {
        if (before is null) return 0;
        if (!IsOver(now)) return behavior.OldAreSick && (now - startedAt).TotalSeconds % 10 < 5 ? desired - 1 : desired;
        return LandedAt is { } landed && early is not { Deferred: false } && now - landed < behavior.OldStay ? desired : 0;
    }

    private DateTimeOffset? LandedAt
    {
        get
        {
            var needed = early?.Needed(desired) ?? desired;
            var healthy = behavior switch
            {
                TaskBehavior.BecomesHealthy lands => early is null ? startedAt + lands.After : UpAt(needed),
                TaskBehavior.DiesAfterSuccess => UpAt(needed),
                TaskBehavior.PartlyHealthy some when some.Healthy >= needed => UpAt(needed),
                _ => null,
            };
            return early is { Deferred: false } ? behavior.OldStay < TimeSpan.FromDays(1) ? healthy + behavior.OldStay : null : healthy;
        }
    }

    private DateTimeOffset? FailedAt(DateTimeOffset now)
    {
        var byBreaker = breaker && behavior is TaskBehavior.Fails fails ? startedAt + (fails.Every * Threshold) : (DateTimeOffset?)null;
        var first = _stoppedAt is { } stopped && (byBreaker is null || stopped < byBreaker) ? stopped : byBreaker;
        return first <= now ? first : null;
    }

    private DateTimeOffset Until(DateTimeOffset now) => FailedAt(now) ?? now;
}
