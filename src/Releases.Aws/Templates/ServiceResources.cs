namespace Releases.Aws;

/// <summary>Writes the resources of the ECS service itself, and of its scaling.</summary>
internal static class ServiceResources
{
    /// <summary>The targets of a range that states none.</summary>
    private static readonly ScaleTargets Usual = new(70, null, null);

    public static IEnumerable<string> Of(TemplateService service)
    {
        yield return Ecs(service);
        if (!service.Manifest.Scale.IsRange) yield break;
        yield return Scaling(service);
        var targets = service.Manifest.Scale.Targets is { } stated && stated != new ScaleTargets(null, null, null) ? stated : Usual;
        if (targets.Cpu is { } cpu) yield return Policy(service, "Cpu", "ECSServiceAverageCPUUtilization", cpu, "");
        if (targets.Memory is { } memory) yield return Policy(service, "Memory", "ECSServiceAverageMemoryUtilization", memory, "");
        if (targets.Requests is { } requests && service.IsBalanced)
            yield return Policy(service, "Requests", "ALBRequestCountPerTarget", requests, Label(service));
    }

    private static string Ecs(TemplateService service)
    {
        var manifest = service.Manifest;
        return $$"""
            {{PortComment(service)}}{{service.ServiceId}}:
              Type: AWS::ECS::Service
              DependsOn: {{TemplateText.List([service.BootstrapId, .. service.IsShifted ? [] : TrafficResources.RulesOf(service)])}}
              Properties:
                Cluster: !Ref Cluster
                ServiceName: {{TemplateText.Quoted(service.EcsName)}}
                # A family without a revision is its newest active one: first the bootstrap, then what was promoted last. CloudFormation sends
                # this with every change to the service, so the ARN of a task definition of this stack would put an old one over the release.
                TaskDefinition: !Sub "{{service.Family}}"
                # No DesiredCount: a new service gets 1, and an update leaves the count as it is.
                LaunchType: FARGATE
                DeploymentConfiguration:
                  MinimumHealthyPercent: {{manifest.Deployment.Minimum}}
                  MaximumPercent: {{manifest.Deployment.Maximum}}{{StrategyResources.Configuration(service)}}{{Balance(manifest)}}
                NetworkConfiguration:
                  AwsvpcConfiguration: { Subnets: !Ref Subnets, SecurityGroups: [!Ref TaskSecurityGroup], AssignPublicIp: !Ref PublicIp }{{Balancing(service)}}
                # By this the rack knows that it may promote here.
                Tags: [{ Key: "convox:app", Value: {{service.App}} }]
            """;
    }

    private static string PortComment(TemplateService service) => service.IsBalanced
        ? "# With another port it would be another resource, which CloudFormation can't create beside this one. "
            + "So nothing breaks: see docs/aws.md.\n" : "";

    /// <summary>ECS rebalances tasks across zones by starting a new one first, which needs room.</summary>
    private static string Balance(Service manifest) =>
        manifest.Deployment.Maximum > 100 ? "" : "\n    AvailabilityZoneRebalancing: DISABLED";

    private static string Balancing(TemplateService service) => service.IsBalanced ? $$"""

                HealthCheckGracePeriodSeconds: {{TemplateHealth.Grace(service.Manifest.Health)}}
                LoadBalancers:
                  - { ContainerName: {{TemplateText.Quoted(service.Container)}}, ContainerPort: {{service.Manifest.Port}}, TargetGroupArn: !Ref {{service.Id}}TargetGroup{{StrategyResources.Advanced(service)}} }
        """.Replace("\n    ", "\n", StringComparison.Ordinal) : "";

    private static string Scaling(TemplateService service) => $$"""
        # Application Auto Scaling keeps the count in the range of convox.yml. Promotions leave it alone.
        {{service.Id}}Scaling:
          Type: AWS::ApplicationAutoScaling::ScalableTarget
          Properties:
            ServiceNamespace: ecs
            ScalableDimension: ecs:service:DesiredCount
            ResourceId: !Sub "service/${Cluster}/${{{service.ServiceId}}.Name}"
            MinCapacity: {{service.Manifest.Scale.Count}}
            MaxCapacity: {{service.Manifest.Scale.Most}}
        """;

    private static string Policy(TemplateService service, string name, string metric, int value, string label) => $$"""
        {{service.Id}}Scaling{{name}}:
          Type: AWS::ApplicationAutoScaling::ScalingPolicy
          Properties:
            PolicyName: {{name.ToLowerInvariant()}}
            PolicyType: TargetTrackingScaling
            ScalingTargetId: !Ref {{service.Id}}Scaling
            TargetTrackingScalingPolicyConfiguration:
              PredefinedMetricSpecification:
                PredefinedMetricType: {{metric}}{{label}}
              TargetValue: {{value}}
        """;

    /// <summary>The name of the load balancer is part of the listener's ARN: <c>…:listener/app/name/id/id</c>.</summary>
    private static string Label(TemplateService service)
    {
        var listener = service.Manifest.Internal ? TemplateParameters.InternalListener : TemplateParameters.Listener;
        var parts = string.Join(", ", Enumerable.Range(1, 3).Select(i => $"!Select [{i}, !Split [\"/\", !Ref {listener}]]"));
        return $"\n        ResourceLabel: !Join [\"/\", [{parts}, !GetAtt {service.Id}TargetGroup.TargetGroupFullName]]";
    }
}
