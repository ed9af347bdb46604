using System.Text.Json.Nodes;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Running;

/// <summary>A hook on an event bus puts events there, over the wire and held against EventBridge's model.</summary>
public sealed class EventBusSenderTests : IAsyncLifetime
{
    private readonly SimulatedEventBridge _bridge = new();
    private readonly FakeRack _rack = new();
    private readonly FakeTimeProvider _time = new(A.Moment);
    private JsonService _events = null!;
    private HookHttp _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _bridge.Start();
        _http = new(_time);
        _events = JsonService.Open(
            AwsService.Events, "eu-west-1", TimeProvider.System, new BasicAWSCredentials("test", "test"), _bridge.Address, (_, _) =>
                Task.CompletedTask);
        _rack.Bus = new EventBusSender(new Lazy<JsonService>(() => _events), _time);
        await _rack.Records.App(cancel: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _events.Dispose();
        _http.Dispose();
        await _bridge.DisposeAsync();
        await _rack.DisposeAsync();
    }

    [Fact]
    public async Task An_event_is_put_on_the_bus_with_the_cloud_event_as_its_detail()
    {
        var hook = await Add("eventbridge:arn:aws:events:eu-west-1:111122223333:event-bus/shop");
        await _rack.Records.Release(description: "one", cancel: Cancel);
        await _rack.HookDelivery(_http, _time).Run(hook, Cancel);

        var entry = Assert.Single(_bridge.Accepted);
        Assert.Equal(
            ("arn:aws:events:eu-west-1:111122223333:event-bus/shop", "convox", "releaseCreated"),
            ((string)entry["EventBusName"]!, (string)entry["Source"]!, (string)entry["DetailType"]!));
        var detail = JsonNode.Parse((string)entry["Detail"]!)!;
        Assert.Equal(("1.0", "convox.releaseCreated", "one"),
            ((string)detail["specversion"]!, (string)detail["type"]!, (string)detail["data"]!["release"]!["description"]!));
    }

    [Fact]
    public async Task What_EventBridge_refuses_or_does_not_answer_is_tried_again()
    {
        var hook = await Add("eventbridge:default");
        await _rack.Records.Release(description: "one", cancel: Cancel);
        _bridge.RefusesEntriesWith = "InternalFailure";
        Assert.Contains("EventBridge refused it: InternalFailure No.", await Try(hook), StringComparison.Ordinal);
        _bridge.RefusesEntriesWith = null;
        _bridge.FailNext("PutEvents", Fault.Throttled);
        Assert.Contains("throttles", await Try(hook), StringComparison.Ordinal);
        _bridge.FailNext("PutEvents", Fault.Unavailable);
        Assert.NotNull(await Try(hook));
        Assert.Null(await Try(hook));
        Assert.Single(_bridge.Accepted);
    }

    private async Task<string?> Try(Hook hook)
    {
        _time.Advance(TimeSpan.FromHours(1));
        await _rack.HookDelivery(_http, _time).Run(hook, Cancel);
        return (await _rack.Hooks.FindProgress(A.App, hook.Id, Cancel))!.Deliveries[0].Detail;
    }

    private async Task<Hook> Add(string target)
    {
        var context = new OperationContext(_rack, _time, _ => Task.FromResult(A.Person), new Progress<OperationNote>());
        return (await new AddHook(context).Run(new(await _rack.Records.App(cancel: Cancel), target), Cancel)).Hook;
    }
}
