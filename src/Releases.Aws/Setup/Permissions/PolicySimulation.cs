using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Queries IAM about what the policies of a user or role allow.</summary>
internal sealed class PolicySimulation(JsonService iam, CallerPrincipal principal)
{
    /// <summary>Returns a finding for each action of a group.</summary>
    public async Task<IReadOnlyList<RackFinding>> Ask(PermissionGroup group, CancellationToken cancel)
    {
        var input = new JsonObject
        {
            ["PolicySourceArn"] = principal.Arn,
            ["ActionNames"] = JsonReading.List(group.Actions.Select(a => (JsonNode?)JsonValue.Create(a))),
            ["ResourceArns"] = JsonReading.List(group.Resources.Select(r => (JsonNode?)JsonValue.Create(r))),
        };
        if (group.Context.Count > 0) input["ContextEntries"] = JsonReading.List(group.Context.Select(Entry));
        var results = (await iam.Read("SimulatePrincipalPolicy", input, cancel)).Output.Objects("EvaluationResults").ToList();
        return [.. group.Actions.Select(a => new RackFinding(a, group.What, Wrong(results.Find(r => r.Text("EvalActionName") == a))))];
    }

    private static JsonNode? Entry((string Key, string Value) context) => new JsonObject
    {
        ["ContextKeyName"] = context.Key,
        ["ContextKeyType"] = context.Key == "kms:ResourceAliases" ? "stringList" : "string",
        ["ContextKeyValues"] = JsonReading.List([JsonValue.Create(context.Value)]),
    };

    private string? Wrong(JsonObject? result) => result switch
    {
        null => $"IAM gave no answer for {principal.Arn}",
        _ when result.Text("EvalDecision") == "allowed" => null,
        _ when result["OrganizationsDecisionDetail"].Text("AllowedByOrganizations") == "false" => "a policy of the organization denies it",
        _ when result["PermissionsBoundaryDecisionDetail"].Text("AllowedByPermissionsBoundary") == "false" =>
            $"the permissions boundary of {principal.Arn} doesn't allow it",
        _ when result.Text("EvalDecision") == "explicitDeny" => $"a policy denies it to {principal.Arn}",
        _ => $"no policy allows it to {principal.Arn}",
    };
}
