namespace Releases.Aws.Tests.Simulation.Ecs;

/// <summary>What becomes of a deployment.</summary>
internal abstract record Fortune
{
    /// <summary>Every task is healthy after this time.</summary>
    public sealed record Lands(TimeSpan After) : Fortune;

    /// <summary>A task fails whenever this time has passed.</summary>
    public sealed record TasksFail(TimeSpan Every) : Fortune;

    /// <summary>Tasks run and are never healthy; nothing counts as a failure.</summary>
    public sealed record NeverHealthy : Fortune;
}
