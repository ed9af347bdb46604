using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Releases.Testing.Simulation;

/// <summary>IAM, as far as it is asked what a role may do: what a test doesn't take away is allowed.</summary>
internal sealed class SimulatedIam() : SimulatedQueryService("IAM", "https://iam.amazonaws.com/doc/2010-05-08/")
{
    private readonly Lock _gate = new();

    /// <summary>What policies say of an action on a resource: <c>allowed</c>, <c>implicitDeny</c> or <c>explicitDeny</c>.</summary>
    public Func<string, string, string> Decide { get; set; } = (_, _) => "allowed";

    /// <summary>Whether the caller may have policies evaluated.</summary>
    public bool MayEvaluate { get; set; } = true;

    /// <summary>The role's path.</summary>
    public string RolePath { get; set; } = "/";

    /// <summary>What was evaluated: action, resource, and the context's entries.</summary>
    public SharedList<(string Action, string Resource, string Context)> Evaluated { get; } = [];

    protected override IEnumerable<XElement> Handle(string action, IReadOnlyDictionary<string, string> form, HttpRequest request)
    {
        if (!MayEvaluate)
            throw new ServiceError("AccessDenied",
                $"User: arn:aws:sts::111122223333:assumed-role/deployer/ci is not authorized to perform: iam:{action}");
        if (!request.Headers.Authorization.ToString().Contains("/us-east-1/iam/aws4_request", StringComparison.Ordinal))
            throw new ServiceError("SignatureDoesNotMatch", "Credential should be scoped to a valid region.");
        return action == "GetRole" ? Role(form["RoleName"]) : Evaluate(form);
    }

    private IEnumerable<XElement> Role(string name) =>
    [
        new(
            "Role", new XElement("Path", RolePath), new XElement("RoleName", name), new XElement("RoleId", "AROAAAAAAAAAAAAAAAAA1"),
            new XElement("Arn", $"arn:aws:iam::111122223333:role{RolePath}{name}"), new XElement("CreateDate", "2026-01-02T03:04:05Z")),
    ];

    private List<XElement> Evaluate(IReadOnlyDictionary<string, string> form)
    {
        lock (_gate)
        {
            var resource = form["ResourceArns.member.1"];
            var context = string.Join(' ',
                Enumerable.Range(1, 9).TakeWhile(n => form.ContainsKey($"ContextEntries.member.{n}.ContextKeyName"))
                .Select(n =>
                    $"{form[$"ContextEntries.member.{n}.ContextKeyName"]}={form[$"ContextEntries.member.{n}.ContextKeyValues.member.1"]}"));
            var results = form.Where(f => f.Key.StartsWith("ActionNames.member.", StringComparison.Ordinal)).Select(f =>
            {
                Evaluated.Add((f.Value, resource, context));
                return new XElement(
                    "member", new XElement("EvalActionName", f.Value), new XElement("EvalResourceName", resource),
                    new XElement("EvalDecision", Decide(f.Value, resource)), new XElement("MatchedStatements"),
                    new XElement("MissingContextValues"));
            }).ToList();
            return [new("EvaluationResults", results), new("IsTruncated", "false")];
        }
    }
}
