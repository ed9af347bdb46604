using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Checks what a response must contain before anything is concluded from it: that something is missing is believed only if a complete
/// response shows it. In a shape, a name stands for a text or an object, <c>[]</c> after it for a list, <c>[+]</c> for one that isn't
/// empty, and <c>|</c> for alternatives.
/// </summary>
internal static class ResponseShape
{
    private static readonly Dictionary<string, string> Shapes = new(StringComparer.Ordinal)
    {
        ["DescribeServices"] = "services[].serviceName",
        ["DescribeTaskDefinition"] = "taskDefinition.taskDefinitionArn",
        ["ListTaskDefinitions"] = "taskDefinitionArns[]",
        ["DescribeServiceDeployments"] = "serviceDeployments[].serviceDeploymentArn",
        ["ListServiceDeployments"] = "serviceDeployments[].serviceDeploymentArn",
        ["DescribeServiceRevisions"] = "serviceRevisions[].serviceRevisionArn",
        ["ListTasks"] = "taskArns[]",
        ["DescribeTasks"] = "tasks[].taskArn",
        ["RegisterTaskDefinition"] = "taskDefinition.taskDefinitionArn",
        ["UpdateService"] = "service.serviceName",
        ["RunTask"] = "tasks[+].taskArn|failures[+]",
        ["DescribeRepositories"] = "repositories[+].repositoryUri",
        ["CreateRepository"] = "repository.repositoryUri",
        ["GetAuthorizationToken"] = "authorizationData[+].authorizationToken",
        ["BatchGetImage"] = "images[+].imageId|failures[+].failureCode",
        ["DescribeImages"] = "imageDetails[].imageDigest",
        ["BatchDeleteImage"] = "imageIds[]|failures[+].failureCode",
        ["DescribeSecret"] = "ARN",
        ["ListSecretVersionIds"] = "ARN",
        ["GetLogEvents"] = "events[]",
        ["FilterLogEvents"] = "events[]",
        ["ExecuteCommand"] = "session.sessionId",
        ["SimulatePrincipalPolicy"] = "EvaluationResults[+].EvalDecision",
        ["GetRole"] = "Role.Arn",
        ["DescribeListeners"] = "Listeners[+].Port",
        ["DescribeLoadBalancers"] = "LoadBalancers[+].DNSName",
        ["DescribeRules"] = "Rules[+].RuleArn",
        ["DescribeTargetHealth"] = "TargetHealthDescriptions[].Target",
        ["DescribeScalableTargets"] = "ScalableTargets[]",
    };

    private static string PathIn(string shape) =>
        shape.Replace("[]", "", StringComparison.Ordinal).Replace("[+]", "", StringComparison.Ordinal);

    /// <summary>Returns what is missing in a response, or null if nothing is.</summary>
    /// <param name="operation">The name of the operation.</param>
    /// <param name="input">The request's input.</param>
    /// <param name="answer">The response.</param>
    /// <param name="isXml">Whether the response was XML, where an empty list is an empty element, which is read as null.</param>
    public static string? Missing(string operation, JsonObject input, JsonObject answer, bool isXml = false)
    {
        if (Shapes.TryGetValue(operation, out var shape) && !shape.Split('|').Any(s => Has(answer, s.Split('.'), isXml)))
            return $"it has no {string.Join(" and no ", shape.Split('|').Select(PathIn))}";
        return operation switch
        {
            "DescribeServices" => Untold(input, answer),
            "ListSecretVersionIds" when answer["Versions"] is not (null or JsonArray) => "its Versions is not a list",
            _ => null,
        };
    }

    private static bool Has(JsonNode? node, ReadOnlySpan<string> path, bool isXml)
    {
        if (path.IsEmpty) return node is JsonObject or JsonValue;
        if (node is not JsonObject at) return false;
        var name = path[0].Split('[')[0];
        if (name.Length == path[0].Length) return at[name] is { } member && Has(member, path[1..], isXml);
        if (isXml && path[0].EndsWith("[]", StringComparison.Ordinal) && at.TryGetPropertyValue(name, out var none) && none is null)
            return true;
        if (at[name] is not JsonArray list || (path[0].EndsWith("[+]", StringComparison.Ordinal) && list.Count == 0)) return false;
        foreach (var one in list)
            if (!Has(one, path[1..], isXml)) return false;
        return true;
    }

    /// <summary>A requested service must be among the services or among the failures.</summary>
    private static string? Untold(JsonObject input, JsonObject answer)
    {
        var told = answer.Objects("services").SelectMany(s => (string?[])[s.Text("serviceName"), s.Text("serviceArn")])
            .Concat(answer.Objects("failures").Select(f => f.Text("arn"))).OfType<string>().ToList();
        return input.Texts("services").FirstOrDefault(asked => !told.Any(
            t => t == asked || Last(t) == Last(asked))) is { } untold ? $"it doesn't mention the service {Last(untold)}" : null;
    }

    private static string Last(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
