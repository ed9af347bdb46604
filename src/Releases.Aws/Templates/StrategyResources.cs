using System.Globalization;

namespace Releases.Aws;

/// <summary>Writes what ECS needs to move a service's traffic itself: blue-green, linear or canary.</summary>
internal static class StrategyResources
{
    /// <summary>The prefix of the second target group's name.</summary>
    public const string Alternate = "Alternate";

    public const int MinLinearPercent = 3;

    public const string RuleComment =
        "\n# ECS moves the weights between its two target groups. A change here puts them back to the first one, "
        + "which has no tasks after every"
        + "\n# other promotion: see docs/aws.md before you change it.";

    /// <summary>
    /// Returns the deployment settings. A rolling service is protected by the circuit breaker; the other strategies keep the old tasks
    /// until the end.
    /// </summary>
    public static string Configuration(TemplateService service)
    {
        if (!service.IsShifted) return "\n      DeploymentCircuitBreaker: { Enable: true, Rollback: true }";
        var deployment = service.Manifest.Deployment;
        var percent = deployment.Percent.ToString(CultureInfo.InvariantCulture);
        return deployment.Strategy switch
        {
            DeploymentStrategy.Canary =>
                $"\n      Strategy: CANARY\n      CanaryConfiguration: {{ CanaryPercent: {percent}, CanaryBakeTimeInMinutes: "
                + $"{Minutes(deployment.Interval)} }}",
            DeploymentStrategy.Linear =>
                $"\n      Strategy: LINEAR\n      LinearConfiguration: {{ StepPercent: {Math.Max(MinLinearPercent, deployment.Percent)}, "
                + $"StepBakeTimeInMinutes: {Minutes(deployment.Interval)} }}",
            _ => "\n      Strategy: BLUE_GREEN",
        } + $"\n      BakeTimeInMinutes: {Minutes(deployment.Bake)}";
    }

    /// <summary>Converts to whole minutes, rounded up.</summary>
    public static int Minutes(TimeSpan time) => (int)Math.Ceiling(time.TotalMinutes);

    public static string Forward(TemplateService service) => service.IsShifted
        ? $"ForwardConfig: {{ TargetGroups: [{{ TargetGroupArn: !Ref {service.Id}TargetGroup, Weight: 1 }}, {{ TargetGroupArn: !Ref "
            + $"{service.Id}{Alternate}TargetGroup, Weight: 0 }}] }}"
        : $"TargetGroupArn: !Ref {service.Id}TargetGroup";

    public static string Advanced(TemplateService service) => service.IsShifted
        ? $", AdvancedConfiguration: {{ AlternateTargetGroupArn: !Ref {service.Id}{Alternate}TargetGroup, ProductionListenerRule: !Ref "
            + $"{TrafficResources.RuleId(service, 0)}, RoleArn: !GetAtt {service.Id}TrafficRole.Arn }}"
        : "";

    public static string Role(TemplateService service) => $$"""
        # What ECS may do to move the traffic of {{service.Manifest.Name}}.
        {{service.Id}}TrafficRole:
          Type: AWS::IAM::Role
          Properties:
            AssumeRolePolicyDocument:
              Version: "2012-10-17"
              Statement: [{ Effect: Allow, Principal: { Service: ecs.amazonaws.com }, Action: "sts:AssumeRole" }]
            ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"]
        """;
}
