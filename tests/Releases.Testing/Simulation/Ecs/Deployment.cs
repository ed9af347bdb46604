using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>One service deployment: the rollout and, where it fails, its rollback.</summary>
internal abstract class Deployment(string arn, string target, string? before, TaskBehavior behavior, int desired, DateTimeOffset startedAt)
{
    public string Arn => arn;

    public string Target => target;

    public string? Before => before;

    public TaskBehavior TaskBehavior => behavior;

    public DateTimeOffset StartedAt => startedAt;

    public string RevisionArn => arn.Replace("service-deployment", "service-revision", StringComparison.Ordinal);

    /// <summary>The rule of ECS: half the desired count, but at least 3 and at most 200.</summary>
    public int Threshold => Math.Clamp((int)Math.Ceiling(desired * 0.5), 3, 200);

    /// <summary>Whether the service's circuit breaker is on.</summary>
    public abstract bool HasBreaker { get; }

    protected int Desired => desired;

    /// <summary>Whether the old tasks all stay until the new ones have taken over.</summary>
    public virtual bool KeepsAllOldTasks => false;

    /// <summary>Whether it has come so far that it can no longer be stopped.</summary>
    public abstract bool CanStop(DateTimeOffset now);

    public abstract int Failures(DateTimeOffset now);

    /// <summary>A request to roll back; harmless while it already does.</summary>
    public abstract void Stop(DateTimeOffset now);

    /// <summary>Another deployment of the service takes its place.</summary>
    public abstract void Supersede(DateTimeOffset now);

    public abstract string Status(DateTimeOffset now);

    /// <summary>When it ended; null before that.</summary>
    public abstract DateTimeOffset? FinishedAt(DateTimeOffset now);

    /// <summary>It is complete, so that it has as many tasks as the service wants by now.</summary>
    public abstract bool FollowsDesiredCount(DateTimeOffset now);

    /// <summary>When each task of the target that runs was started, and whether it is healthy.</summary>
    public abstract IEnumerable<(DateTimeOffset StartedAt, bool Healthy)> RunningTasks(DateTimeOffset now);

    /// <summary>How many old tasks ECS still wants.</summary>
    public abstract int OldDesired(DateTimeOffset now);

    /// <summary>How many old tasks run while nothing has failed.</summary>
    public abstract int OldRunning(DateTimeOffset now);

    /// <summary>Adds what DescribeServiceDeployments has for this kind alone.</summary>
    public virtual void AddDetails(JsonObject described, DateTimeOffset now)
    {
    }

    /// <summary>How many tasks of the target run.</summary>
    public int NewRunning(DateTimeOffset now) => RunningTasks(now).Count();

    /// <summary>The task definition that the service's PRIMARY runs.</summary>
    public string Primary(DateTimeOffset now) => Status(now) is "ROLLBACK_IN_PROGRESS" or "ROLLBACK_SUCCESSFUL" ? before! : target;

    /// <summary>It is over and neither its own tasks nor a rollback have taken effect.</summary>
    public bool HasFailed(DateTimeOffset now) => Status(now) is "ROLLBACK_FAILED" or "STOPPED";

    public bool IsOver(DateTimeOffset now) => Status(now) is "SUCCESSFUL" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED" or "STOPPED";
}
