using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>Both ways to learn which sockets listen have the same answer.</summary>
[SupportedOSPlatform("linux")]
public sealed class ListeningSocketTableTests
{
    public static TheoryData<string, bool> Addresses => new()
    {
        { "127.0.0.1", false },
        { "127.0.0.2", false },
        { "0.0.0.0", false },
        { "::1", false },
        { "::", false },
        { "::", true },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void A_socket_that_listens_is_found_by_both(string address, bool isDual)
    {
        using var socket = Listen(IPAddress.Parse(address), isDual);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        var asked = Assert.Single(SocketDiagnostics.All()!, s => s.Address.Port == port);
        var read = Assert.Single(ListeningSocketTable.FromText(), s => s.Address.Port == port);
        Assert.Equal(read, asked);
        Assert.Equal(IPAddress.Parse(address), asked.Address.Address);
        Assert.NotEqual("0", asked.Inode);
    }

    [Fact]
    public void More_than_one_answer_of_the_kernel_holds_are_all_found()
    {
        var sockets = Enumerable.Range(0, 500).Select(_ => Listen(IPAddress.Loopback, false)).ToList();
        try
        {
            var ports = sockets.Select(s => ((IPEndPoint)s.LocalEndPoint!).Port).ToHashSet();
            Assert.Superset(ports, SocketDiagnostics.All()!.Select(s => s.Address.Port).ToHashSet());
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task A_connection_and_a_socket_that_ended_are_not()
    {
        using var listening = Listen(IPAddress.Loopback, false);
        var port = ((IPEndPoint)listening.LocalEndPoint!).Port;
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listening.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var server = await listening.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.Single(SocketDiagnostics.All()!, s => s.Address.Port == port);

        listening.Dispose();
        Assert.DoesNotContain(SocketDiagnostics.All()!, s => s.Address.Port == port);
    }

    /// <summary>A kernel without the module for TCP lists nothing, and that is no answer: the text is read then.</summary>
    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(3, -2, false)]
    [InlineData(2, -2, false)]
    public void A_refusal_is_not_taken_for_an_empty_table(ushort kind, int error, bool isComplete)
    {
        // struct nlmsghdr (length, type, flags, sequence, port), then the error
        byte[] answer = [.. BitConverter.GetBytes(20), .. BitConverter.GetBytes(kind), .. new byte[10], .. BitConverter.GetBytes(error)];
        Assert.Equal(isComplete, SocketDiagnostics.Read(answer, []));
    }

    private static Socket Listen(IPAddress address, bool isDual)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = isDual;
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return socket;
    }
}
