using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>What was read of one service's rollout, at one moment. Reads of ECS can lag behind its writes.</summary>
/// <param name="Service">The service, as DescribeServices gives it.</param>
/// <param name="Ours">The task definition that it was asked to run.</param>
/// <param name="Before">The task definitions that ran before: what ran, and its copy where one was made; empty: none.</param>
public sealed record SeenRollout(JsonObject Service, string Ours, IReadOnlyCollection<string> Before)
{
    /// <summary>Our service deployment, as DescribeServiceDeployments gives it; null where it is not shown yet, or ECS does not know that call.</summary>
    public JsonObject? Deployment { get; init; }

    /// <summary>Whether ECS knows service deployments; endpoints that are older do not.</summary>
    public bool TellsDeployments { get; init; } = true;

    /// <summary>The task definition of the revision that our service deployment aims at.</summary>
    public string? AimedAt { get; init; }

    /// <summary>Whether an earlier read showed the service with our task definition, so that its absence is no lag.</summary>
    public bool WasOurs { get; init; }

    /// <summary>The deployment that the service converges to by the older view.</summary>
    internal JsonObject? Primary => PrimaryOf(Service);

    internal IEnumerable<JsonObject> Deployments => Service.Objects("deployments");

    internal int Desired => Service.Number("desiredCount") ?? 0;

    internal int Running => Service.Number("runningCount") ?? 0;

    internal static JsonObject? PrimaryOf(JsonObject service) => service.Objects("deployments").FirstOrDefault(d => d.Text("status") == "PRIMARY");
}
