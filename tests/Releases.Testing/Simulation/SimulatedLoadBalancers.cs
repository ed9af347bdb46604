using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Releases.Testing.Simulation;

/// <summary>Elastic Load Balancing, as far as it shows where a load balancer takes test traffic, and how its targets are.</summary>
internal sealed class SimulatedLoadBalancers() : SimulatedQueryService(
    "Elastic Load Balancing v2", "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/")
{
    private const string Arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:";
    private const string Balancer = "app/lb/50dc6c495c0c9188";
    private const string Listener = Balancer + "/f2f7dc8efc522ab2";

    /// <summary>The one load balancer's rule for test traffic.</summary>
    public const string TestRule = Arn + "listener-rule/" + Listener + "/9683b2d02a6cabee";

    public string Protocol { get; set; } = "HTTP";

    /// <summary>The hosts by which the rule chooses; empty: it doesn't.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>The paths by which the rule chooses.</summary>
    public IReadOnlyList<string> Paths { get; set; } = ["/*"];

    /// <summary>The addresses that are registered in the target group blue; any other one is empty.</summary>
    public Func<IEnumerable<string>> Targets { get; set; } = () => [];

    /// <summary>The health of a target by its address, and why.</summary>
    public Func<string, (string State, string? Description)> HealthOf { get; set; } = _ => ("healthy", null);

    /// <summary>Whether the caller may read load balancers.</summary>
    public bool MayDescribe { get; set; } = true;

    protected override IEnumerable<XElement> Handle(string action, IReadOnlyDictionary<string, string> form, HttpRequest request)
    {
        if (!MayDescribe) throw new ServiceError("AccessDenied", $"User is not authorized to perform: elasticloadbalancing:{action}");
        if (!request.Headers.Authorization.ToString().Contains("/eu-west-1/elasticloadbalancing/aws4_request", StringComparison.Ordinal))
            throw new ServiceError("SignatureDoesNotMatch", "Credential should be scoped to a valid region.");
        return action switch
        {
            "DescribeListeners" =>
                [List("Listener", form, "listener/" + Listener, new XElement("Port", "9001"), new XElement("Protocol", Protocol))],
            "DescribeLoadBalancers" =>
                [List("LoadBalancer", form, "loadbalancer/" + Balancer, new XElement("DNSName", "lb-1.eu-west-1.elb.amazonaws.com"))],
            "DescribeRules" => [List("Rule", form, TestRule[Arn.Length..], new XElement("Conditions", Conditions))],
            "DescribeTargetHealth" =>
                [new("TargetHealthDescriptions",
                    form["TargetGroupArn"].Contains("/blue/", StringComparison.Ordinal) ? Targets().Select(Target) : [])],
            _ => throw new ServiceError("InvalidAction", action),
        };
    }

    private XElement Target(string address)
    {
        var (state, why) = HealthOf(address);
        return new(
            "member", new XElement("Target", new XElement("Id", address), new XElement("Port", "8080")),
            new XElement("TargetHealth", new XElement("State", state), why is null ? null : new XElement("Description", why)));
    }

    private IEnumerable<XElement> Conditions
    {
        get
        {
            yield return Condition("path-pattern", "PathPatternConfig", Paths);
            if (Hosts.Count > 0) yield return Condition("host-header", "HostHeaderConfig", Hosts);
        }
    }

    private static XElement Condition(string field, string config, IEnumerable<string> values) => new(
        "member", new XElement("Field", field),
        new XElement(config, new XElement("Values", values.Select(v => new XElement("member", v)))));

    private static XElement List(string kind, IReadOnlyDictionary<string, string> form, string resource, params XElement[] more)
    {
        var requested = form[$"{kind}Arns.member.1"];
        if (requested != Arn + resource) throw new ServiceError($"{kind}NotFound", $"One or more of {requested} weren't found.");
        return new(kind + "s", new XElement("member", new XElement(kind + "Arn", requested), more));
    }
}
