using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>The address at which a load balancer's test traffic is taken.</summary>
internal sealed class TestListener(JsonService balancing)
{
    /// <summary>Of a rule that chooses by host the host that it names, else the load balancer's own name.</summary>
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
        var host = kind == "listener" ? null : HostOf(await Read("DescribeRules", "Rule", arn, cancel));
        host ??= (await Read("DescribeLoadBalancers", "LoadBalancer", $"{start}loadbalancer/{path}", cancel)).Text("DNSName");
        var scheme = described.Text("Protocol") is "HTTPS" or "TLS" ? "https" : "http";
        return $"{scheme}://{host ?? throw Unknown(arn)}:{described.Text("Port") ?? throw Unknown(arn)}";
    }

    /// <summary>A pattern is no host.</summary>
    private static string? HostOf(JsonObject rule) =>
        rule.Objects("Conditions").Where(c => c.Text("Field") == "host-header").SelectMany(c => c["HostHeaderConfig"].Texts("Values"))
            .FirstOrDefault(h => !h.Contains('*', StringComparison.Ordinal) && !h.Contains('?', StringComparison.Ordinal));

    private async Task<JsonObject> Read(string operation, string kind, string arn, CancellationToken cancel)
    {
        var answer = await balancing.Read(operation, new() { [kind + "Arns"] = JsonReading.List([JsonValue.Create(arn)]) }, cancel);
        return answer.Output.Objects(kind + "s").FirstOrDefault() ?? throw Unknown(arn);
    }

    private static ProblemException Unknown(string arn) => new Problem(
        ProblemCode.AwsRefused, $"the load balancer shows no address for its test traffic ({arn}).",
        "Check advancedConfiguration.testListenerRule of the ECS service.").ToException();
}
