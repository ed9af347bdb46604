using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>What was read of one service's rollout, at one moment. Reads of ECS can lag behind its writes.</summary>
/// <param name="Service">The service, as DescribeServices gives it.</param>
/// <param name="Ours">The task definition that we registered for this promotion.</param>
/// <param name="Previous">The task definition that ran before; null: none.</param>
public sealed record SeenRollout(JsonObject Service, string Ours, string? Previous)
{
    /// <summary>Our service deployment, as DescribeServiceDeployments gives it; null where ECS does not know that call.</summary>
    public JsonObject? Deployment { get; init; }

    /// <summary>The task definition of the revision that our service deployment aims at.</summary>
    public string? AimedAt { get; init; }

    /// <summary>Whether an earlier read showed the service with our task definition, so that its absence is no lag.</summary>
    public bool WasOurs { get; init; }

    /// <summary>The deployment that the service converges to by the older view.</summary>
    internal JsonObject? Primary => Deployments.FirstOrDefault(d => Text(d, "status") == "PRIMARY");

    internal IEnumerable<JsonObject> Deployments => (Service["deployments"] as JsonArray ?? []).OfType<JsonObject>();

    internal int Desired => Number(Service, "desiredCount");

    internal int Running => Number(Service, "runningCount");

    internal static string? Text(JsonObject? from, string member) => from?[member]?.GetValue<string>();

    internal static int Number(JsonObject? from, string member) => from?[member]?.GetValue<int>() ?? 0;
}
