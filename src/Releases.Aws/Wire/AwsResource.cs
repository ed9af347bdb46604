using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>What a call is about, for people, by what it is sent.</summary>
internal static class AwsResource
{
    /// <summary>The members that name it, the most telling first.</summary>
    private static readonly (string Member, string Kind)[] Named =
    [
        ("services", "the service"), ("service", "the service"), ("serviceName", "the service"), ("serviceDeploymentArn", "the deployment"),
        ("serviceDeploymentArns", "the deployment"),
        ("serviceRevisionArns", "the revision"), ("tasks", "the task"), ("task", "the task"), ("taskDefinition", "the task definition"),
        ("family", "the family"), ("familyPrefix", "the family"),
        ("SecretId", "the secret"), ("Name", "the secret"), ("repositoryName", "the repository"), ("repositoryNames", "the repository"),
        ("logGroupName", "the log group"),
        ("ResourceIds", "the scalable target"), ("PolicySourceArn", "the role"), ("RoleName", "the role"),
    ];

    public static string? Describe(JsonObject input)
    {
        foreach (var (member, kind) in Named)
        {
            if (input[member] is JsonValue value && value.TryGetValue<string>(out var text)) return $"{kind} {Short(text)}";
            if (input[member] is JsonArray { Count: > 0 } list && list[0] is JsonValue first && first.TryGetValue<string>(out var one))
                return list.Count == 1 ? $"{kind} {Short(one)}" : $"{kind}s {string.Join(", ", input.Texts(member).Select(Short))}";
        }

        return null;
    }

    /// <summary>An ARN's last part is what people know; names of secrets and repositories have slashes of their own.</summary>
    private static string Short(string text) => !text.StartsWith("arn:", StringComparison.Ordinal) ? text
        : text.Contains(":secret:", StringComparison.Ordinal) ? text[(text.LastIndexOf(':') + 1)..] : text[(text.LastIndexOf('/') + 1)..];
}
