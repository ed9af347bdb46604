namespace Releases;

/// <summary>How a rollout of a service goes, and its limits.</summary>
public sealed record Deployment
{
    /// <summary>The first share of a canary, and each step of a linear rollout, where the manifest states none.</summary>
    public const int DefaultPercent = 10;

    /// <summary>Percent of the desired count that has to stay healthy; rounds up, as in ECS.</summary>
    public int Minimum { get; init; } = 50;

    /// <summary>Percent of the desired count that may run at once; rounds down, as in ECS.</summary>
    public int Maximum { get; init; } = 200;

    /// <summary>How long the rollout may take, without its steps, bake and hold.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How the traffic moves to the new processes.</summary>
    public DeploymentStrategy Strategy { get; init; } = DeploymentStrategy.Rolling;

    /// <summary>The first share of a canary, or each step of a linear rollout, in percent.</summary>
    public int Percent { get; init; } = DefaultPercent;

    /// <summary>How long a step of a canary or of a linear rollout is held.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the old processes stay, ready to take the traffic back, once the new ones have all of it.</summary>
    public TimeSpan Bake { get; init; }

    /// <summary>What is too much for the new processes, as against the old ones; null: nobody compares them.</summary>
    public JudgeLimits? Judge { get; init; }
}

/// <summary>How the traffic moves from the old processes to the new ones, in ECS's words.</summary>
public enum DeploymentStrategy
{
    /// <summary>All at once when every service is healthy; the old processes end then.</summary>
    Rolling,

    /// <summary>All at once; the old processes stay for the bake.</summary>
    BlueGreen,

    /// <summary>By equal steps.</summary>
    Linear,

    /// <summary>A small share first, then all.</summary>
    Canary,
}

/// <summary>What is too much for new processes.</summary>
/// <param name="Errors">The share of 5xx answers and failed connections in percent, beyond that of the old processes.</param>
/// <param name="Latency">How many times the old processes' p95.</param>
public sealed record JudgeLimits(decimal Errors = 2, decimal Latency = 1.5m);
