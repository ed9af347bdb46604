using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>IAM, as far as it is asked what a role may do: what a test doesn't take away is allowed.</summary>
internal sealed class SimulatedIam : IAsyncDisposable
{
    private static readonly XNamespace Names = "https://iam.amazonaws.com/doc/2010-05-08/";

    private WebApplication _server = null!;

    /// <summary>What policies say of an action on a resource: <c>allowed</c>, <c>implicitDeny</c> or <c>explicitDeny</c>.</summary>
    public Func<string, string, string> Decides { get; set; } = (_, _) => "allowed";

    /// <summary>Whether the caller may ask.</summary>
    public bool MayBeAsked { get; set; } = true;

    /// <summary>The role's path.</summary>
    public string RolePath { get; set; } = "/";

    /// <summary>What was asked: action, resource, and the context's entries.</summary>
    public List<(string Action, string Resource, string Context)> Asked { get; } = [];

    /// <summary>The principals that were asked about.</summary>
    public HashSet<string> Principals { get; } = [];

    /// <summary>Holds each request and each answer against AWS's model.</summary>
    public ModelCheck Model { get; } = new();

    public Uri Address => new(_server.Urls.First());

    public async Task Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(Answer);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Model.Require();
    }

    private async Task Answer(HttpContext context)
    {
        var form = (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
        var action = form["Action"];
        var known = AwsModels.ByTarget?.GetValueOrDefault($"IAM.{action}");
        if (Model.Request($"IAM.{action}", QueryDocument.From(form, known?.Input)) is { } illegal) await Refuse(context, 400, "ValidationError", illegal);
        else if (!MayBeAsked) await Refuse(context, 403, "AccessDenied", $"User: arn:aws:sts::111122223333:assumed-role/deployer/ci is not authorized to perform: iam:{action}");
        else if (!context.Request.Headers.Authorization.ToString().Contains("/us-east-1/iam/aws4_request", StringComparison.Ordinal)) await Refuse(context, 403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.");
        else
        {
            var result = action == "GetRole" ? Role(form["RoleName"]) : Simulated(form);
            Model.Answer($"IAM.{action}", 200, QueryDocument.From(result, known?.Output));
            context.Response.ContentType = "text/xml";
            await context.Response.WriteAsync(InNames(new XElement($"{action}Response", result, new XElement("ResponseMetadata", new XElement("RequestId", "1")))).ToString());
        }
    }

    private XElement Role(string name) => new(
        "GetRoleResult",
        new XElement(
            "Role", new XElement("Path", RolePath), new XElement("RoleName", name), new XElement("RoleId", "AROAAAAAAAAAAAAAAAAA1"),
            new XElement("Arn", $"arn:aws:iam::111122223333:role{RolePath}{name}"), new XElement("CreateDate", "2026-01-02T03:04:05Z")));

    private XElement Simulated(Dictionary<string, string> form)
    {
        lock (Asked)
        {
            Principals.Add(form["PolicySourceArn"]);
            var resource = form["ResourceArns.member.1"];
            var context = string.Join(' ', Enumerable.Range(1, 9).TakeWhile(n => form.ContainsKey($"ContextEntries.member.{n}.ContextKeyName"))
                .Select(n => $"{form[$"ContextEntries.member.{n}.ContextKeyName"]}={form[$"ContextEntries.member.{n}.ContextKeyValues.member.1"]}"));
            var results = form.Where(f => f.Key.StartsWith("ActionNames.member.", StringComparison.Ordinal)).Select(f =>
            {
                Asked.Add((f.Value, resource, context));
                return new XElement(
                    "member", new XElement("EvalActionName", f.Value), new XElement("EvalResourceName", resource),
                    new XElement("EvalDecision", Decides(f.Value, resource)), new XElement("MatchedStatements"), new XElement("MissingContextValues"));
            }).ToList();
            return new("SimulatePrincipalPolicyResult", new XElement("EvaluationResults", results), new XElement("IsTruncated", "false"));
        }
    }

    private static Task Refuse(HttpContext context, int status, string code, string message)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "text/xml");
        var error = new XElement("Error", new XElement("Type", "Sender"), new XElement("Code", code), new XElement("Message", message));
        return context.Response.WriteAsync(InNames(new XElement("ErrorResponse", error)).ToString());
    }

    /// <summary>As IAM answers, in its namespace.</summary>
    private static XElement InNames(XElement element) => new(
        Names + element.Name.LocalName, element.HasElements ? element.Elements().Select(InNames) : element.Value);
}
