using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Setup;

/// <summary><c>rack init</c> where something in AWS doesn't answer.</summary>
public sealed class RackInitTests(DynamoDbLocal dynamo) : RackTests(dynamo, "init")
{
    [Theory]
    [InlineData("DynamoDB", "DescribeTable")]
    [InlineData("KMS", "DescribeKey")]
    public async Task A_service_that_never_answers_is_named_within_seconds(string service, string operation)
    {
        Rack.Services.Single(s => s.Service == service).Break(operation, Answer.Silence, int.MaxValue);
        var init = await Rack.Type(null, $"{Rack.Cluster}-2", Cancel, "rack", "init");
        Assert.True(init.Code == 1, init.Text);
        Assert.Contains($"{service} doesn't answer {operation}", init.Text, StringComparison.Ordinal);
        Assert.True(init.Took < TimeSpan.FromSeconds(20), $"{init.Took}");
    }
}
