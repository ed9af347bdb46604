using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>A rack in memory, a receiver on loopback, and a clock of their own.</summary>
public sealed class HookScenario : IAsyncDisposable
{
    private readonly HookHttp _http;

    public HookScenario() => _http = new(Time);

    public FakeRack Rack { get; } = new();

    public HookReceiver Receiver { get; } = new();

    public FakeTimeProvider Time { get; } = new(A.Moment);

    public InMemoryReleaseStore Store => Rack.Records;

    public OperationContext Operations => new(Rack, Time, _ => Task.FromResult(A.Person), new Progress<OperationNote>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<HookScenario> Start()
    {
        var scenario = new HookScenario();
        await scenario.Receiver.Start();
        await scenario.Store.App(cancel: Cancel);
        return scenario;
    }

    public async Task<AddedHook> Add(
        string? events = null, string? target = null, HookFormat? format = null, string? token = null, bool allowsPrivate = true) =>
        await new AddHook(Operations)
            .Run(new(await Store.App(cancel: Cancel), target ?? Receiver.Address, events, format, token, allowsPrivate), Cancel);

    /// <summary>A deliverer, as each process has one.</summary>
    public HookDelivery Deliverer(IHookStore? hooks = null, IVault? vault = null) =>
        new(hooks ?? Store, Store, vault ?? Rack.Vault, new HookSender(_http, null, Time), new(Rack.EventSource, Rack.Name), Time);

    /// <summary>Something happens to the app: a release is made, with this description.</summary>
    public Task<Release> Happens(string description) => Store.Release(description: description, cancel: Cancel);

    public async Task<HookStatus> Status(AddedHook added) => await new ManageHooks(Operations).Find(A.App, added.Hook.Id, Cancel);

    /// <summary>The descriptions of the releases that the receiver took, each the first time.</summary>
    public IReadOnlyList<string> TakenOnce => [.. Receiver.Accepted.DistinctBy(t => t.Id).Select(DescriptionOf)];

    public static string DescriptionOf(ReceivedHook got) => got.Json["data"]!["release"]!["description"]!.GetValue<string>();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Receiver.DisposeAsync();
        await Rack.DisposeAsync();
    }
}
