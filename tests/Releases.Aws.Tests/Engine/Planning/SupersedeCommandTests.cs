using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary><c>promote --supersede</c>: what it supersedes and returns to is printed before anything begins.</summary>
public sealed class SupersedeCommandTests(DynamoDbLocal dynamo) : RackTests(dynamo, "over")
{
    [Fact]
    public async Task It_prints_both_and_begins_nothing_without_a_yes()
    {
        var app = await Rack.MakeApp();
        var theirs = EcsWorld.Bootstrap();
        theirs["family"] = "theirs";
        Rack.Ecs[$"{app.Name}-web"].Begin(Rack.Ecs.Definitions.Add(theirs), new TaskBehavior.NeverHealthy(), Rack.Ecs.Virtual.GetUtcNow());

        var asked = await Rack.Type(app.Name, Rack.Cluster, Cancel, "promote", "--supersede");
        Assert.Equal(2, asked.Code);
        Assert.Contains("web is being deployed: theirs:1", asked.Text, StringComparison.Ordinal);
        Assert.Contains($"web is rolled back to bootstrap-{app.Name}-web:1, the last that it completed.", asked.Text,
            StringComparison.Ordinal);
        Assert.Null(await Rack.Records.FindLock(app.Name, Cancel));
        Assert.Empty(await Rack.Records.ListPromotions(app.Name, 1, cancel: Cancel));

        var promoted = await Rack.Type(app.Name, Rack.Cluster, Cancel, "promote", "--supersede", "--yes");
        Assert.True(promoted.Code == 0, promoted.Text);
    }

    [Fact]
    public async Task A_deployment_that_failed_is_printed_as_such()
    {
        var app = await Rack.MakeApp();
        var theirs = EcsWorld.Bootstrap();
        theirs["family"] = "failing";
        Rack.Ecs[$"{app.Name}-web"].Begin(Rack.Ecs.Definitions.Add(theirs),
            new TaskBehavior.Fails(TimeSpan.FromSeconds(1)) { IsGivenUp = true }, Rack.Ecs.Virtual.GetUtcNow() - TimeSpan.FromHours(1));
        var asked = await Rack.Type(app.Name, Rack.Cluster, Cancel, "promote", "--supersede");
        Assert.Contains("web has a failed deployment: failing:1", asked.Text, StringComparison.Ordinal);
        Assert.Contains($"web is rolled back to bootstrap-{app.Name}-web:1, the last that it completed.", asked.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_in_flight_it_says_so_and_promotes()
    {
        var app = await Rack.MakeApp();
        var promoted = await Rack.Type(app.Name, Rack.Cluster, Cancel, "promote", "--supersede");
        Assert.True(promoted.Code == 0, promoted.Text);
        Assert.Contains("so there is nothing to supersede.", promoted.Text, StringComparison.Ordinal);
    }
}
