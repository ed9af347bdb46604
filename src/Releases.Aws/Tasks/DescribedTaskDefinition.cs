using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Represents a task definition as returned by DescribeTaskDefinition, with its tags. Releases are based on one that isn't ours.
/// </summary>
/// <param name="Definition">The task definition.</param>
/// <param name="Tags">Its tags, which are separate from it, or null if it has none.</param>
internal sealed record DescribedTaskDefinition(JsonObject Definition, JsonArray? Tags)
{
    public string Arn => Definition.Text("taskDefinitionArn")!;

    public string Family => Definition.Text("family")!;

    /// <summary>Whether a container has its own health check, from which ECS derives a task's health.</summary>
    public bool ChecksHealth => TaskDefinition.Containers(Definition).Any(c => c["healthCheck"] is JsonObject);

    public TaskDefinitionStatus Status => Definition.Text("status") switch
    {
        "ACTIVE" => TaskDefinitionStatus.Active,
        "INACTIVE" => TaskDefinitionStatus.Inactive,
        "DELETE_IN_PROGRESS" => TaskDefinitionStatus.DeleteInProgress,
        _ => TaskDefinitionStatus.Unknown,
    };

    /// <summary>Whether tasks can be started from it; an inactive one was deregistered.</summary>
    public bool IsActive => Status == TaskDefinitionStatus.Active;

    /// <summary>The ARN of whoever registered it, or null if unknown.</summary>
    public string? RegisteredBy => Definition.Text("registeredBy");

    /// <summary>Whether each of its tasks has its own network interface.</summary>
    public bool HasOwnNetwork => Definition.Text("networkMode") == "awsvpc";

    /// <summary>Whether we registered it, so that nothing may be based on it: leftovers of one release would stay forever.</summary>
    public bool IsOurs => TaskTags.MarkOf(Tags) is not null;

    /// <summary>
    /// Returns what a service runs if that isn't ours, else the recorded base. Fails with <see cref="AwsProblemCode.Refused"/>.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="current">The task definition that it runs now.</param>
    /// <param name="recorded">The base of the previous promotions, or null if none was recorded.</param>
    public static DescribedTaskDefinition BaseOf(ServiceName service, DescribedTaskDefinition current, DescribedTaskDefinition? recorded)
    {
        if (!current.IsOurs) return current;
        return recorded ?? throw new Problem(
            AwsProblemCode.Refused,
            $"{service} runs a task definition of a release, and its base task definition isn't recorded.",
            "Give the service a task definition of your own once, with: aws ecs update-service --task-definition <family>",
            Unchanged: Problem.NothingChanged).ToException();
    }
}

/// <summary>Specifies the status of a task definition.</summary>
internal enum TaskDefinitionStatus
{
    /// <summary>A status that this version doesn't know.</summary>
    Unknown,
    Active,
    Inactive,
    DeleteInProgress,
}
