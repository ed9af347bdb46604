namespace Releases.Aws.Tests.Templates;

/// <summary>
/// The types of resources that our templates use, as CloudFormation documents them (2026-11): which properties are required, which others
/// there are of those that are used, and which attributes <c>GetAtt</c> has.
/// </summary>
internal sealed record DocumentedShape(string[] Required, string[] Optional, string[] Attributes)
{
    public static IReadOnlyDictionary<string, DocumentedShape> ByType { get; } = new Dictionary<string, DocumentedShape>
    {
        ["AWS::ApplicationAutoScaling::ScalableTarget"] = new(["MaxCapacity", "MinCapacity", "ResourceId", "ScalableDimension",
            "ServiceNamespace"], ["RoleARN"], []),
        ["AWS::ApplicationAutoScaling::ScalingPolicy"] = new(["PolicyName", "PolicyType"],
            ["ScalingTargetId", "TargetTrackingScalingPolicyConfiguration"], ["Arn"]),
        ["AWS::DynamoDB::Table"] = new(["KeySchema"],
            ["AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "PointInTimeRecoverySpecification", "TableName"], ["Arn"]),
        ["AWS::EC2::SecurityGroup"] = new(["GroupDescription"], ["SecurityGroupIngress", "VpcId"], ["GroupId"]),
        ["AWS::EC2::SecurityGroupIngress"] = new(["IpProtocol"], ["FromPort", "GroupId", "SourceSecurityGroupId", "ToPort"], ["Id"]),
        ["AWS::ECR::Repository"] = new([], ["ImageScanningConfiguration", "ImageTagMutability", "RepositoryName"],
            ["Arn", "RepositoryUri"]),
        ["AWS::ECS::Service"] = new(
            [],
            ["AvailabilityZoneRebalancing", "Cluster", "DeploymentConfiguration", "DesiredCount", "HealthCheckGracePeriodSeconds",
                "LaunchType", "LoadBalancers", "NetworkConfiguration", "ServiceName", "Tags", "TaskDefinition"],
            ["Name", "ServiceArn"]),
        ["AWS::ECS::TaskDefinition"] = new(
            [],
            ["ContainerDefinitions", "Cpu", "ExecutionRoleArn", "Family", "Memory", "NetworkMode", "RequiresCompatibilities",
                "RuntimePlatform", "Tags", "TaskRoleArn"],
            ["TaskDefinitionArn"]),
        ["AWS::ElasticLoadBalancingV2::Listener"] = new(["DefaultActions", "LoadBalancerArn"],
            ["Certificates", "Port", "Protocol", "SslPolicy"], ["ListenerArn"]),
        ["AWS::ElasticLoadBalancingV2::ListenerRule"] = new(["Actions", "Conditions", "Priority"], ["ListenerArn"], ["RuleArn"]),
        ["AWS::ElasticLoadBalancingV2::LoadBalancer"] = new([], ["Scheme", "SecurityGroups", "Subnets"],
            ["DNSName", "LoadBalancerFullName"]),
        ["AWS::ElasticLoadBalancingV2::TargetGroup"] = new(
            [],
            ["HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "Matcher", "Port",
                "Protocol", "ProtocolVersion", "TargetGroupAttributes", "TargetType", "UnhealthyThresholdCount", "VpcId"],
            ["TargetGroupArn", "TargetGroupFullName"]),
        ["AWS::IAM::ManagedPolicy"] = new(["PolicyDocument"], ["Description"], ["PolicyArn"]),
        ["AWS::IAM::Role"] = new(["AssumeRolePolicyDocument"], ["ManagedPolicyArns", "Path", "Policies"], ["Arn"]),
        ["AWS::KMS::Alias"] = new(["AliasName", "TargetKeyId"], [], []),
        ["AWS::KMS::Key"] = new([], ["Description", "EnableKeyRotation", "KeyPolicy"], ["Arn", "KeyId"]),
        ["AWS::Logs::LogGroup"] = new([], ["LogGroupName", "RetentionInDays"], ["Arn"]),
    };
}
