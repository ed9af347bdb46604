using Amazon;

namespace Releases.Aws;

/// <summary>Represents an AWS service with the JSON 1.1 protocol, by the names of its service model.</summary>
/// <param name="Id">The service id in the model; <c>AWS_ENDPOINT_URL_&lt;id&gt;</c> overrides its endpoint.</param>
/// <param name="Host">The first part of its host name.</param>
/// <param name="Signing">The name that requests are signed for.</param>
/// <param name="Target">The prefix of the operation in <c>X-Amz-Target</c>.</param>
/// <param name="Version">The version of the model.</param>
internal sealed record AwsService(string Id, string Host, string Signing, string Target, string Version)
{
    public static AwsService Ecs { get; } = new("ECS", "ecs", "ecs", "AmazonEC2ContainerServiceV20141113", "2014-11-13");

    public static AwsService Ecr { get; } = new("ECR", "api.ecr", "ecr", "AmazonEC2ContainerRegistry_V20150921", "2015-09-21");

    public static AwsService SecretsManager { get; } = new(
        "Secrets Manager", "secretsmanager", "secretsmanager", "secretsmanager", "2017-10-17");

    public static AwsService Logs { get; } = new("CloudWatch Logs", "logs", "logs", "Logs_20140328", "2014-03-28");

    public static AwsService AutoScaling { get; } = new(
        "Application Auto Scaling", "application-autoscaling", "application-autoscaling", "AnyScaleFrontendService", "2016-02-06");

    public static AwsService Events { get; } = new("EventBridge", "events", "events", "AWSEvents", "2015-10-07");

    public static AwsService LoadBalancing { get; } = new(
        "Elastic Load Balancing v2", "elasticloadbalancing", "elasticloadbalancing", "", "2015-12-01")
    { IsQuery = true };

    /// <summary>A single endpoint for all regions of a partition.</summary>
    public static AwsService Iam { get; } = new("IAM", "iam", "iam", "", "2010-05-08") { IsQuery = true };

    /// <summary>Whether it uses the Query protocol instead.</summary>
    public bool IsQuery { get; private init; }

    /// <summary>Returns the host name of IAM and the region that its requests are signed for, or null in an unknown partition.</summary>
    public static (string Host, string Region)? IamOf(RegionEndpoint region) => region.PartitionName switch
    {
        "aws" => ("iam.amazonaws.com", "us-east-1"),
        "aws-cn" => ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        "aws-us-gov" => ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
        _ => null,
    };

    public string Address(RegionEndpoint region) => this == Iam
        ? $"https://{IamOf(region)?.Host}" : $"https://{Host}.{region.SystemName}.{region.PartitionDnsSuffix}";
}
