using System.Globalization;

namespace Releases.Aws;

/// <summary>Writes how requests reach a service with a port: its target group, and its rules on an existing listener.</summary>
internal static class TrafficResources
{
    /// <summary>The maximum number of values in the conditions of a load balancer's rule.</summary>
    public const int MaxValues = 5;

    public static IEnumerable<string> Of(TemplateService service, ref int rules)
    {
        if (!service.IsBalanced) return [];
        var made = new List<string> { TargetGroup(service, "") };
        if (service.IsShifted) made.AddRange([TargetGroup(service, StrategyResources.Alternate), StrategyResources.Role(service)]);
        if (service.Manifest.Domains.Count > 0)
        {
            foreach (var (index, hosts) in service.Manifest.Domains.Select((_, i) =>
                TemplateParameters.Domain(service, i)).Chunk(MaxValues).Index())
                made.Add(Rule(service, index, $"{{ Field: host-header, HostHeaderConfig: {{ Values: {TemplateText.List(hosts)} }} }}",
                    Numbered(rules++), ""));
        }
        else if (service.IsMain)
        {
            made.Add(Rule(service, 0, """{ Field: path-pattern, PathPatternConfig: { Values: ["/*"] } }""", "4${Priority}0",
                ", behind all others"));
        }
        else
        {
            var name = service.Manifest.Name;
            made.Add(Rule(
                service, 0, $$"""{ Field: path-pattern, PathPatternConfig: { Values: ["/{{name}}", "/{{name}}/*"] } }""", Numbered(rules++),
                $".\n# convox.yml states no domain for it, so its requests are those below /{name}, which stays in the path that it gets"));
        }

        return made;
    }

    /// <summary>Returns the names of a service's rules.</summary>
    public static IEnumerable<string> RulesOf(TemplateService service) => service.IsBalanced
        ? Enumerable.Range(0, Math.Max(1, (service.Manifest.Domains.Count + MaxValues - 1) / MaxValues)).Select(i => RuleId(service, i))
        : [];

    public static string RuleId(TemplateService service, int index) =>
        $"{service.Id}Rule{(index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture))}";

    private static string Numbered(int rule) => "${Priority}" + rule.ToString("00", CultureInfo.InvariantCulture);

    private static string TargetGroup(TemplateService service, string which)
    {
        var (manifest, health) = (service.Manifest, service.Manifest.Health);
        var (interval, timeout) = (TemplateHealth.Interval(health), TemplateHealth.Timeout(health));
        return $$"""
            {{service.Id}}{{which}}TargetGroup:
              Type: AWS::ElasticLoadBalancingV2::TargetGroup
              Properties:
                VpcId: !Ref Vpc
                TargetType: ip
                Protocol: HTTP{{(service.IsGrpc ? "\n    ProtocolVersion: GRPC" : "")}}
                Port: {{manifest.Port}}
                HealthCheckPath: {{(TemplateParameters.HealthPath(service) ?? (service.IsGrpc ? "/AWS.ALB/healthcheck" : "/"))}}
                HealthCheckIntervalSeconds: {{interval}}
                HealthCheckTimeoutSeconds: {{timeout}}
                HealthyThresholdCount: 2
                UnhealthyThresholdCount: 3
                Matcher: {{TemplateHealth.Matcher(service)}}
                TargetGroupAttributes:
                  - { Key: deregistration_delay.timeout_seconds, Value: "{{TemplateHealth.Drain(manifest)}}" }{{Sticky(manifest)}}
            """;
    }

    private static string Sticky(Service service) => service.Sticky
        ? "\n      - { Key: stickiness.enabled, Value: \"true\" }\n      - { Key: stickiness.type, Value: lb_cookie }" : "";

    private static string Rule(TemplateService service, int index, string condition, string priority, string comment) => $$"""
        # Which requests are {{service.Manifest.Name}}'s{{comment}}.{{(service.IsShifted ? StrategyResources.RuleComment : "")}}
        {{RuleId(service, index)}}:
          Type: AWS::ElasticLoadBalancingV2::ListenerRule
          Properties:
            ListenerArn: !Ref {{(service.Manifest.Internal ? TemplateParameters.InternalListener : TemplateParameters.Listener)}}
            Priority: !Sub "{{priority}}"
            Conditions: [{{condition}}]
            Actions: [{ Type: forward, {{StrategyResources.Forward(service)}} }]
        """;
}
