using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>Where no daemon runs that would deliver it, a publish delivers what is due at its end.</summary>
public sealed class A_publish_with_a_hook : IAsyncLifetime
{
    private readonly Workspace _workspace;
    private readonly HookReceiver _receiver = new();

    public A_publish_with_a_hook(PackedPackages packages)
    {
        _workspace = new(packages);
        _workspace.AddProject("Front");
    }

    public async ValueTask InitializeAsync() => await _receiver.Start();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Delivers_its_release()
    {
        (await _workspace.Tool("apps", "create", "shop")).Succeeded();
        (await _workspace.Tool("hooks", "add", _receiver.Address, "--allow-private", "--app", "shop")).Succeeded();
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop")).Succeeded();
        Assert.Equal(["releaseCreated"], _receiver.Accepted.Select(t => t.Kind));

        // A receiver that is down fails no publish; the event stays due.
        await _receiver.Stop();
        (await _workspace.Publish("Front", "-p:ConvoxApp=shop", "-p:ConvoxDescription=another")).Succeeded();
        await _receiver.Start();
        Assert.Single(_receiver.Accepted);
    }
}
