using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary><c>promote --supersede</c>: what it supersedes and returns to is printed before anything begins.</summary>
public sealed class SupersedeCommandTests(DynamoDbLocal dynamo) : IAsyncLifetime
{
    private readonly MatrixRack _rack = new(dynamo, $"over-{Guid.NewGuid():n}"[..20]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _rack.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _rack.RequireModels();
        await _rack.DisposeAsync();
    }

    [Fact]
    public async Task It_prints_both_and_begins_nothing_without_a_yes()
    {
        var app = await _rack.MakeApp();
        var theirs = EcsWorld.Bootstrap();
        theirs["family"] = "theirs";
        _rack.Ecs[$"{app.Name}-web"].Begin(_rack.Ecs.Definitions.Add(theirs), new TaskBehavior.NeverHealthy(), _rack.Ecs.Virtual.GetUtcNow());

        var asked = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--supersede");
        Assert.Equal(2, asked.Code);
        Assert.Contains("web is being deployed: theirs:1", asked.Text, StringComparison.Ordinal);
        Assert.Contains($"web is rolled back to bootstrap-{app.Name}-web:1, the last that it completed.", asked.Text, StringComparison.Ordinal);
        Assert.Null(await _rack.Records.FindLock(app.Name, Cancel));
        Assert.Empty(await _rack.Records.ListPromotions(app.Name, 1, cancel: Cancel));

        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--supersede", "--yes");
        Assert.True(promoted.Code == 0, promoted.Text);
    }

    [Fact]
    public async Task Where_nothing_is_in_flight_it_says_so_and_promotes()
    {
        var app = await _rack.MakeApp();
        var promoted = await _rack.Type(app.Name, _rack.Cluster, Cancel, "promote", "--supersede");
        Assert.True(promoted.Code == 0, promoted.Text);
        Assert.Contains("so there is nothing to supersede.", promoted.Text, StringComparison.Ordinal);
    }
}
