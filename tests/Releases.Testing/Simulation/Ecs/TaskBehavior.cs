namespace Releases.Testing.Simulation.Ecs;

/// <summary>What becomes of a deployment.</summary>
internal abstract record TaskBehavior
{
    /// <summary>How long old tasks outlive the moment at which ECS wants them no more.</summary>
    public TimeSpan OldStopAfter { get; init; }

    /// <summary>Old tasks become unhealthy while it lasts; ECS replaces each by another old one.</summary>
    public bool OldAreUnhealthy { get; init; }

    /// <summary>An alarm that rings, where the service has alarms on and the strategy shifts traffic; null: none does.</summary>
    public TriggeredAlarm? Alarm { get; init; }

    /// <summary>Every task is healthy after this time.</summary>
    public sealed record BecomesHealthy(TimeSpan After) : TaskBehavior;

    /// <summary>A task fails whenever this time has passed.</summary>
    public sealed record Fails(TimeSpan Every) : TaskBehavior
    {
        /// <summary>What its container exits with; null: it never came so far.</summary>
        public int? ExitCode { get; init; } = 3;

        /// <summary>The circuit breaker is on without its rollback, so that the old tasks stay beside a PRIMARY without any.</summary>
        public bool IsGivenUp { get; init; }

        /// <summary>Why the task was stopped.</summary>
        public string Why { get; init; } = "Essential container in task exited";
    }

    /// <summary>Only some of the tasks become healthy, one after another.</summary>
    public sealed record PartlyHealthy(TimeSpan After, int Healthy) : TaskBehavior
    {
        /// <summary>The others run too, and are never healthy; else they do not even run.</summary>
        public bool OthersRun { get; init; }
    }

    /// <summary>Every task is healthy after a time, and some time after the success only a few are left.</summary>
    public sealed record DiesAfterSuccess(TimeSpan After, TimeSpan Later, int Left) : TaskBehavior;

    /// <summary>Tasks run and are never healthy; nothing counts as a failure.</summary>
    public sealed record NeverHealthy : TaskBehavior;

    /// <summary>New tasks are healthy at once, and old ones never end.</summary>
    public sealed record NeverDrains : TaskBehavior;

    /// <summary>After this time somebody else has the service run another task definition.</summary>
    public sealed record Superseded(TimeSpan After, string By) : TaskBehavior;
}

/// <summary>An alarm of CloudWatch that rings so long after a stage has begun.</summary>
internal sealed record TriggeredAlarm(string Name, string Stage, TimeSpan After);
