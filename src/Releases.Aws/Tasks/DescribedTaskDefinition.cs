using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>A task definition that is not ours, as DescribeTaskDefinition gives it with its tags: what a release is put on.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Tags">Its tags, which are apart from it; null: none.</param>
internal sealed record DescribedTaskDefinition(JsonObject Definition, JsonArray? Tags)
{
    public string Arn => Definition.Text("taskDefinitionArn")!;

    public string Family => Definition.Text("family")!;

    /// <summary>Whether a container has a health check of its own, by which ECS knows a task's health.</summary>
    public bool ChecksHealth => TaskDefinition.Containers(Definition).Any(c => c["healthCheck"] is JsonObject);

    /// <summary>Whether tasks can be started from it; an inactive one was deregistered.</summary>
    public bool IsActive => Definition.Text("status") == "ACTIVE";

    /// <summary>The ARN of whoever registered it; null: unknown.</summary>
    public string? RegisteredBy => Definition.Text("registeredBy");

    /// <summary>Whether each of its tasks has a network interface of its own.</summary>
    public bool HasOwnNetwork => Definition.Text("networkMode") == "awsvpc";

    /// <summary>Whether we registered it, so that nothing may be put on it: what one release left out would stay forever.</summary>
    public bool IsOurs => TaskTags.MarkOf(Tags) is not null;

    /// <summary>
    /// What a service runs where that is not ours, else what was recorded when it was not. Fails with <see cref="ProblemCode.AwsRefused"/>.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="current">What it runs now.</param>
    /// <param name="recorded">The base of the promotions before; null: none was recorded.</param>
    public static DescribedTaskDefinition BaseOf(ServiceName service, DescribedTaskDefinition current, DescribedTaskDefinition? recorded)
    {
        if (!current.IsOurs) return current;
        return recorded ?? throw new Problem(
            ProblemCode.AwsRefused,
            $"{service} runs a task definition of a release, and its base task definition isn't recorded. Nothing changed.",
            "Give the service a task definition of your own once, with: aws ecs update-service --task-definition <family>").ToException();
    }
}
