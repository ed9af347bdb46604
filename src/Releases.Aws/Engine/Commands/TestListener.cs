using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Determines the address at which a load balancer accepts test traffic.</summary>
internal sealed class TestListener(JsonService balancing)
{
    private const string Wildcards = "*?";

    /// <summary>
    /// Returns the address: with the host of a rule that matches by host, else the load balancer's own name, and with the path of a rule
    /// that matches by path, without a trailing slash.
    /// </summary>
    /// <param name="arn">The ARN of a listener rule, or of a listener.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<string> Address(string arn, CancellationToken cancel)
    {
        var start = arn[..(arn.LastIndexOf(':') + 1)];
        if (arn[start.Length..].Split('/')
            is not [("listener-rule" or "listener") and var kind, var type, var name, var id, var listener, ..])
            throw Unknown(arn);
        var path = $"{type}/{name}/{id}";
        var described = await Read("DescribeListeners", "Listener", $"{start}listener/{path}/{listener}", cancel);
        var rule = kind == "listener" ? [] : await Read("DescribeRules", "Rule", arn, cancel);
        var host = HostOf(rule)
            ?? (await Read("DescribeLoadBalancers", "LoadBalancer", $"{start}loadbalancer/{path}", cancel)).Text("DNSName");
        var scheme = described.Text("Protocol") is "HTTPS" or "TLS" ? "https" : "http";
        return $"{scheme}://{host ?? throw Unknown(arn)}:{described.Text("Port") ?? throw Unknown(arn)}{PathOf(rule)}";
    }

    /// <summary>Returns the first host that isn't a pattern.</summary>
    private static string? HostOf(JsonObject rule) =>
        Values(rule, "host-header", "HostHeaderConfig").FirstOrDefault(h => h.AsSpan().IndexOfAny(Wildcards) < 0);

    /// <summary>Returns the longest literal start of the rule's path patterns.</summary>
    private static string PathOf(JsonObject rule) =>
        Values(rule, "path-pattern", "PathPatternConfig").Select(StartOf).MaxBy(p => p.Length) ?? "";

    /// <summary>A trailing asterisk also matches nothing, so it is dropped; any other wildcard is dropped with its path segment.</summary>
    private static string StartOf(string pattern)
    {
        var start = pattern.EndsWith('*') ? pattern[..^1] : pattern;
        var open = start.AsSpan().IndexOfAny(Wildcards);
        return (open < 0 ? start : start[..start.LastIndexOf('/', open)]).TrimEnd('/');
    }

    private static IEnumerable<string> Values(JsonObject rule, string field, string config) =>
        rule.Objects("Conditions").Where(c => c.Text("Field") == field).SelectMany(c => c[config].Texts("Values"));

    private async Task<JsonObject> Read(string operation, string kind, string arn, CancellationToken cancel)
    {
        var answer = await balancing.Read(operation, new() { [kind + "Arns"] = JsonReading.List([JsonValue.Create(arn)]) }, cancel);
        return answer.Output.Objects(kind + "s").FirstOrDefault() ?? throw Unknown(arn);
    }

    private static ProblemException Unknown(string arn) => new Problem(
        AwsProblemCode.Refused, $"the load balancer shows no address for its test traffic ({arn}).",
        "Check advancedConfiguration.testListenerRule of the ECS service.").ToException();
}
