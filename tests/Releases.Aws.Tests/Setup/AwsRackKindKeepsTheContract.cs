using Amazon.Runtime;
using Releases.Testing;

namespace Releases.Aws.Tests.Setup;

public sealed class AwsRackKindKeepsTheContract(DynamoDbLocal dynamo) : RackKindContract
{
    protected override IRackKind Kind { get; } = new AwsRackKind(new AwsConnection("eu-west-1", TimeProvider.System)
    {
        Credentials = new BasicAWSCredentials("test", "test"),
        // To open a rack takes nothing but its table.
        Address = id => id == "DynamoDB" ? dynamo.Endpoint : new("http://127.0.0.1:9"),
    });

    protected override async Task<string> Make() =>
        $"aws://eu-west-1/{(await dynamo.MakeTable())[AwsNames.Table("").Length..]}";
}
