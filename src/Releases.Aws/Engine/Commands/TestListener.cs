using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>The address at which a load balancer's test traffic is taken.</summary>
internal sealed class TestListener(JsonService balancing)
{
    private const string Wildcards = "*?";

    /// <summary>
    /// Of a rule that chooses by host the host that it names, else the load balancer's own name; of one that chooses by path that path too,
    /// without a slash at its end.
    /// </summary>
    /// <param name="arn">The ARN of a listener's rule, or of a listener.</param>
    /// <param name="cancel">Stops reading.</param>
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

    /// <summary>A pattern is no host.</summary>
    private static string? HostOf(JsonObject rule) =>
        Values(rule, "host-header", "HostHeaderConfig").FirstOrDefault(h => h.AsSpan().IndexOfAny(Wildcards) < 0);

    /// <summary>The longest start of a path that the rule takes and that says where the service is.</summary>
    private static string PathOf(JsonObject rule) =>
        Values(rule, "path-pattern", "PathPatternConfig").Select(StartOf).MaxBy(p => p.Length) ?? "";

    /// <summary>A star at the end stands for nothing too; anything else that is open is left out with its segment.</summary>
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
        ProblemCode.AwsRefused, $"the load balancer shows no address for its test traffic ({arn}).",
        "Check advancedConfiguration.testListenerRule of the ECS service.").ToException();
}
