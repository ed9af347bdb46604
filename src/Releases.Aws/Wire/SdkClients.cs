using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SecurityToken;

namespace Releases.Aws;

/// <summary>Calls DynamoDB without the SDK's own retries; <see cref="AwsCalls"/> retries.</summary>
/// <param name="credentials">The credentials, or null for those of the usual AWS chain.</param>
/// <param name="config">The region and the endpoint.</param>
internal sealed class TableClient(AWSCredentials? credentials, AmazonDynamoDBConfig config) : AmazonDynamoDBClient(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        ClockPolicy.Install(pipeline);
    }
}

/// <summary>Calls KMS without the SDK's own retries; <see cref="AwsCalls"/> retries.</summary>
/// <param name="credentials">The credentials, or null for those of the usual AWS chain.</param>
/// <param name="config">The region and the endpoint.</param>
internal sealed class KeyClient(
    AWSCredentials? credentials, AmazonKeyManagementServiceConfig config) : AmazonKeyManagementServiceClient(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        ClockPolicy.Install(pipeline);
    }
}

/// <summary>Calls the Security Token Service without the SDK's own retries; <see cref="AwsCalls"/> retries.</summary>
/// <param name="credentials">The credentials, or null for those of the usual AWS chain.</param>
/// <param name="config">The region and the endpoint.</param>
internal sealed class CallerClient(
    AWSCredentials? credentials, AmazonSecurityTokenServiceConfig config) : AmazonSecurityTokenServiceClient(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        ClockPolicy.Install(pipeline);
    }
}
