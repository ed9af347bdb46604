using System.Text.Json.Nodes;
using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>A rack for commands on services whose traffic ECS shifts. Each app has an active v1 and a v2 that is promoted.</summary>
public sealed class ShiftRack(DynamoDbLocal dynamo) : IAsyncLifetime
{
    internal MatrixRack Rack { get; } = new(dynamo, $"shift-{Guid.NewGuid():n}"[..20]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => Rack.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        Rack.RequireModels();
        await Rack.DisposeAsync();
    }

    internal async Task<ShiftedApp> Make()
    {
        foreach (var service in Rack.Services) service.OnRequest = _ => { };
        var app = await Rack.MakeApp();
        var first = await Rack.Type(app.Name, Rack.Cluster, Cancel, "promote");
        Assert.True(first.Code == 0, first.Text);
        return new(Rack, app, await Rack.Release(app.Name, "second"));
    }
}

/// <summary>One app, and what its promotion by command comes to.</summary>
internal sealed class ShiftedApp(MatrixRack rack, MatrixApp app, Release next)
{
    public SimulatedEcsService Web => rack.Ecs[$"{app.Name}-web"];

    public SimulatedEcsService Api => rack.Ecs[$"{app.Name}-api"];

    public Release Next => next;

    public AppName Name => app.Name;

    /// <summary>What becomes of the next deployment of a service.</summary>
    public void Behaves(string service, TaskBehavior behavior) => rack.Ecs.Behaviors[$"{app.Name}-{service}"] = new([behavior]);

    /// <summary>Promotes v2 and holds that its exit code, its record, what is active and what both services run are one truth.</summary>
    public async Task<Shown> Promote(int code, PromotionStatus status, params string[] options)
    {
        var run = await Type(["promote", .. options]);
        Assert.True(run.Code == code, $"{run.Code}\n{run.Text}");
        var promotion = (await rack.Records.ListPromotions(app.Name, 1, cancel: Cancel))[0];
        Assert.True(promotion.Status == status, $"{promotion.Status}: {promotion.Reason}");
        var active = status == PromotionStatus.Succeeded ? next.Id : app.Release.Id;
        Assert.Equal(((ReleaseId?)active, active.ToString(), active.ToString()),
            ((await rack.Records.FindApp(app.Name, Cancel))!.Active, Runs(Web), Runs(Api)));
        var json = JsonNode.Parse((await Type("promotions", "info", "--json")).Text)!;
        Assert.Equal(($"{promotion.Status}", promotion.Reason),
            (json["status"]!.GetValue<string>(), json["reason"]?.GetValue<string>()), Same);
        return new(run.Text, (await Type("promotions", "info")).Text, promotion, json);
    }

    public Task<MatrixRun> Type(params string[] words) => rack.Type(app.Name, rack.Cluster, Cancel, words);

    /// <summary>What the last lines of a promotion that failed are.</summary>
    public string Failed(Promotion promotion, string reason) =>
        $"error CONVOX0024: v2 ({next.Id}) wasn't promoted: {reason} v1 ({app.Release.Id}) is still live. "
        + $"Details: dotnet convox promotions info {promotion.Id}\n";

    private string? Runs(SimulatedEcsService service) =>
        TaskTags.Find(rack.Ecs.Definitions.TagsOf(service.Current.Primary(rack.Ecs.Virtual.GetUtcNow())), "convox:release");

    private static bool Same((string Status, string? Reason) a, (string Status, string? Reason) b) =>
        string.Equals(a.Status, b.Status, StringComparison.OrdinalIgnoreCase) && a.Reason == b.Reason;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}

/// <summary>A promotion as people and programs get it.</summary>
/// <param name="Text">What <c>promote</c> printed.</param>
/// <param name="Info">What <c>promotions info</c> prints afterwards.</param>
/// <param name="Promotion">The record.</param>
/// <param name="Json">The same for programs.</param>
internal sealed record Shown(string Text, string Info, Promotion Promotion, JsonNode Json);
