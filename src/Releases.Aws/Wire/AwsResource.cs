using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Describes the resource of a call, from its input.</summary>
internal static class AwsResource
{
    /// <summary>The members that name the resource, the most specific first.</summary>
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

    /// <summary>People know an ARN by its last part; names of secrets and repositories contain slashes themselves.</summary>
    private static string Short(string text) => !text.StartsWith("arn:", StringComparison.Ordinal) ? text
        : text.Contains(":secret:", StringComparison.Ordinal) ? text[(text.LastIndexOf(':') + 1)..] : text[(text.LastIndexOf('/') + 1)..];
}
