using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SecurityToken;

namespace Releases.Aws;

/// <summary>DynamoDB as the rack calls it: nothing is sent again behind its back.</summary>
internal sealed class TableClient : AmazonDynamoDBClient
{
    public TableClient(AmazonDynamoDBConfig config)
        : base(config)
    {
    }

    public TableClient(AWSCredentials credentials, AmazonDynamoDBConfig config)
        : base(credentials, config)
    {
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        ClockPolicy.Rule(pipeline);
    }
}

/// <summary>KMS, the same.</summary>
internal sealed class KeyClient : AmazonKeyManagementServiceClient
{
    public KeyClient(AmazonKeyManagementServiceConfig config)
        : base(config)
    {
    }

    public KeyClient(AWSCredentials credentials, AmazonKeyManagementServiceConfig config)
        : base(credentials, config)
    {
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        ClockPolicy.Rule(pipeline);
    }
}

/// <summary>The Security Token Service, the same.</summary>
internal sealed class CallerClient : AmazonSecurityTokenServiceClient
{
    public CallerClient(AmazonSecurityTokenServiceConfig config)
        : base(config)
    {
    }

    public CallerClient(AWSCredentials credentials, AmazonSecurityTokenServiceConfig config)
        : base(credentials, config)
    {
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        ClockPolicy.Rule(pipeline);
    }
}
