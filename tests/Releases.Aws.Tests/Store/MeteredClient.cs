using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Releases.Aws.Tests.Store;

/// <summary>Counts what its queries cost.</summary>
internal sealed class MeteredClient(Uri endpoint) : AmazonDynamoDBClient(
    new BasicAWSCredentials("test", "test"),
    new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "eu-west-1" })
{
    /// <summary>Read capacity units of 4 KB.</summary>
    public double Units { get; private set; }

    public override async Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default)
    {
        request.ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL;
        var answer = await base.QueryAsync(request, cancellationToken);
        Units += answer.ConsumedCapacity.CapacityUnits!.Value;
        return answer;
    }
}
