namespace Releases.Testing.Simulation.Ecs;

/// <summary>One service deployment: the rollout and, where it fails, its rollback. Where it stands follows from the time alone.</summary>
internal sealed class Deployment(string arn, string target, string? before, Fortune fortune, int desired, bool breaker, DateTimeOffset startedAt)
{
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Requested = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoingBack = TimeSpan.FromSeconds(20);

    private DateTimeOffset? _stoppedAt;
    private DateTimeOffset? _replacedAt;

    public string Arn => arn;

    public string Target => target;

    public string? Before => before;

    public Fortune Fortune => fortune;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>The rule of ECS: half the desired count, but at least 3 and at most 200.</summary>
    public int Threshold => Math.Clamp((int)Math.Ceiling(desired * 0.5), 3, 200);

    public int Failures(DateTimeOffset now) =>
        fortune is Fortune.TasksFail fails ? (int)Math.Min((Until(now) - startedAt) / fails.Every, breaker ? Threshold : int.MaxValue) : 0;

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

    /// <summary>How many tasks of the target run: all of them from half the way on, none of those that fail.</summary>
    public int RunningNew(DateTimeOffset now) => fortune switch
    {
        _ when Status(now) is "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED" => 0,
        Fortune.TasksFail => 0,
        Fortune.Lands lands => now >= startedAt + (lands.After / 2) ? desired : 0,
        _ => now >= startedAt + Pending ? desired : 0,
    };

    /// <summary>How many old tasks ECS still wants.</summary>
    public int WantedOld(DateTimeOffset now) => fortune is Fortune.NeverDrains || (fortune is Fortune.Lands && RunningNew(now) == desired) ? 0 : desired;

    private DateTimeOffset? LandedAt => fortune is Fortune.Lands lands ? startedAt + lands.After : null;

    private DateTimeOffset? FailedAt(DateTimeOffset now)
    {
        var byBreaker = breaker && fortune is Fortune.TasksFail fails ? startedAt + (fails.Every * Threshold) : (DateTimeOffset?)null;
        var first = _stoppedAt is { } stopped && (byBreaker is null || stopped < byBreaker) ? stopped : byBreaker;
        return first <= now ? first : null;
    }

    private DateTimeOffset Until(DateTimeOffset now) => FailedAt(now) ?? now;
}
