using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>What was read of one service's rollout, at one moment. Reads of ECS can lag behind its writes.</summary>
/// <param name="Service">The service, as DescribeServices gives it.</param>
/// <param name="Ours">The task definition that it was asked to run.</param>
/// <param name="Before">The task definitions that ran before: what ran, and its copy where one was made; empty: none.</param>
public sealed record RolloutFacts(JsonObject Service, string Ours, IReadOnlyCollection<string> Before)
{
    /// <summary>Our service deployment, as DescribeServiceDeployments gives it; null where it is not shown yet, or ECS does not know that call.</summary>
    public JsonObject? Deployment { get; init; }

    /// <summary>Whether ECS knows service deployments; endpoints that are older do not.</summary>
    public bool HasServiceDeployments { get; init; } = true;

    /// <summary>The task definition of the revision that our service deployment aims at.</summary>
    public string? DeploymentTarget { get; init; }

    /// <summary>ECS has not told for so long what our service deployment aims at that it will not: it was told with our update, and is ours.</summary>
    public bool IsTargetHidden { get; init; }

    /// <summary>Our tasks one by one, where a deployment is called done before all of them are healthy; null: they were not looked at.</summary>
    internal LiveTasks? Live { get; init; }

    /// <summary>Whether an earlier read showed the service with our task definition, so that its absence is no lag.</summary>
    public bool WasOurs { get; init; }

    /// <summary>The deployment that the service converges to by the older view.</summary>
    internal JsonObject? Primary => PrimaryOf(Service);

    internal IEnumerable<JsonObject> Deployments => Service.Objects("deployments");

    internal int Desired => Service.Number("desiredCount") ?? 0;

    /// <summary>Ours that run, by the count that stays live: the deployment's own.</summary>
    internal int Running => Primary.Number("runningCount") ?? 0;

    /// <summary>Of these the healthy ones, where their tasks were looked at one by one.</summary>
    internal int Healthy => Live is { } live ? Math.Min(live.Healthy, Running) : Running;

    /// <summary>Tasks of anything else.</summary>
    internal int Old => Deployments.Where(d => d.Text("taskDefinition") != Ours).Sum(d => d.Number("runningCount") ?? 0);

    /// <summary>Whether the service states that old tasks may outlive the success.</summary>
    internal bool OldMayRunOn => EarlySuccess.Defers(Service);

    internal static JsonObject? PrimaryOf(JsonObject service) => service.Objects("deployments").FirstOrDefault(d => d.Text("status") == "PRIMARY");
}
