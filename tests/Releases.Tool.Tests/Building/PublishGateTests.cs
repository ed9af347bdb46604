using System.Net.Sockets;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Where MSBuild waits before it publishes.</summary>
public sealed class PublishGateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-gate-").FullName;

    private string Gate => Path.Combine(_folder, "gate");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Waits_until_it_is_opened()
    {
        using var gate = new PublishGate(Gate);
        var waiting = Task.Run(() => PublishGate.Wait(Gate), TestContext.Current.CancellationToken);
        await gate.Reached;
        Assert.False(waiting.IsCompleted);
        gate.Open();
        Assert.Equal(0, await waiting);
    }

    [Fact]
    public async Task Ends_with_an_error_when_the_tool_is_gone()
    {
        Assert.Equal(1, PublishGate.Wait(Gate));

        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Gate));
        listener.Listen();
        var waiting = Task.Run(() => PublishGate.Wait(Gate), TestContext.Current.CancellationToken);
        (await listener.AcceptAsync(TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public void Needs_a_path_that_a_socket_can_have() =>
        Assert.Equal([true, false], ((int[])[103, 104]).Select(n => PublishGate.CanBeAt(new('x', n))));

    [Fact]
    public void Is_what_the_tool_waits_at_when_MSBuild_starts_it() => Assert.True(PublishGate.IsRequested(PublishGate.Arguments(Gate)));
}
