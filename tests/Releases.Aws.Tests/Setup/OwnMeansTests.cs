using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Setup;

/// <summary>Where AWS has means of its own, the rack names them to whoever asks for ours.</summary>
public sealed class OwnMeansTests(DynamoDbLocal dynamo) : RackTests(dynamo, "means")
{
    [Fact]
    public async Task A_rack_on_AWS_names_its_metrics_and_its_backup()
    {
        var app = await Rack.MakeApp();
        Assert.Contains("doesn't measure its services. CloudWatch has the metrics of its load balancer and of ECS.",
            await Refused(app.Name, "metrics"), StringComparison.Ordinal);
        Assert.Contains("has no router of its own to measure. CloudWatch has the metrics of its load balancer and of ECS. Pass --rack local.",
            await Refused(null, "rack", "metrics"), StringComparison.Ordinal);
        Assert.Contains("isn't backed up to a file. DynamoDB's point-in-time recovery is the backup. Pass --rack local.",
            await Refused(null, "rack", "backup", "convox.backup"), StringComparison.Ordinal);
    }

    private async Task<string> Refused(AppName? app, params string[] words)
    {
        var run = await Rack.Type(app, Rack.Cluster, Cancel, words);
        Assert.Equal(2, run.Code);
        return run.Text;
    }
}
