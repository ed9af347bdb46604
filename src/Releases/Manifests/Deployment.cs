namespace Releases;

/// <summary>Represents how a service is rolled out, and the limits of the rollout.</summary>
public sealed record Deployment
{
    /// <summary>The first share of a canary, and each step of a linear rollout, if the manifest states none.</summary>
    public const int DefaultPercent = 10;

    /// <summary>The percentage of the desired count that has to stay healthy; rounded up, as in ECS.</summary>
    public int Minimum { get; init; } = 50;

    /// <summary>The percentage of the desired count that may run at once; rounded down, as in ECS.</summary>
    public int Maximum { get; init; } = 200;

    /// <summary>The time limit of the rollout, excluding its steps, bake and hold.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How the traffic moves to the new processes.</summary>
    public DeploymentStrategy Strategy { get; init; } = DeploymentStrategy.Rolling;

    /// <summary>The first share of a canary, or each step of a linear rollout, in percent.</summary>
    public int Percent { get; init; } = DefaultPercent;

    /// <summary>How long each step of a canary or a linear rollout lasts.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the old processes stay, ready to take the traffic back, once the new ones have all of it.</summary>
    public TimeSpan Bake { get; init; }

    /// <summary>The limits of the comparison between new and old processes, or null if they aren't compared.</summary>
    public JudgeLimits? Judge { get; init; }

    /// <summary>Whether it takes steps, is judged, or keeps its old processes for a while.</summary>
    public bool HasPlan => Strategy != DeploymentStrategy.Rolling || Judge is not null || Bake > TimeSpan.Zero;
}

/// <summary>Specifies how the traffic moves from the old processes to the new ones, in ECS's terms.</summary>
public enum DeploymentStrategy
{
    /// <summary>All traffic moves at once when every service is healthy; the old processes then end.</summary>
    Rolling,

    /// <summary>All traffic moves at once; the old processes stay for the bake.</summary>
    BlueGreen,

    /// <summary>Traffic moves in equal steps.</summary>
    Linear,

    /// <summary>A small share moves first, then everything.</summary>
    Canary,
}

/// <summary>Represents the limits above which new processes count as worse than the old ones.</summary>
/// <param name="Errors">The share of 5xx responses and failed connections, in percentage points above that of the old processes.</param>
/// <param name="Latency">The p95 latency, as a multiple of that of the old processes.</param>
public sealed record JudgeLimits(decimal Errors = 2, decimal Latency = 1.5m);
