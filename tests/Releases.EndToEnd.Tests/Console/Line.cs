using System.Net;
using System.Net.Sockets;

namespace Releases.EndToEnd.Tests.Console;

/// <summary>
/// A line to a port of this machine that can be cut, as Wi-Fi is: at the same port of another loopback address, since the console asks
/// that its host is named with its port. A browser's own "offline" leaves open what streams.
/// </summary>
internal sealed class Line(int port) : IAsyncDisposable
{
    private readonly List<Task> _relays = [];
    private CancellationTokenSource? _cut;

    public Uri Address { get; } = new($"http://127.0.0.2:{port}/");

    public void Mend()
    {
        _cut = new();
        var listener = new TcpListener(IPAddress.Parse(Address.Host), port);
        listener.Start();
        _relays.Add(Accept(listener, _cut.Token));
    }

    public async Task Cut()
    {
        if (_cut is null) return;
        await _cut.CancelAsync();
        await Task.WhenAll(_relays.ToArray());
        _relays.Clear();
        _cut.Dispose();
        _cut = null;
    }

    public async ValueTask DisposeAsync() => await Cut();

    private async Task Accept(TcpListener listener, CancellationToken cut)
    {
        var open = new List<Task>();
        using (listener)
        {
            while (await IsNotCut(async () => open.Add(Relay(await listener.AcceptSocketAsync(cut), cut))))
            {
            }
        }

        await Task.WhenAll(open);
    }

    private async Task Relay(Socket near, CancellationToken cut)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
            await IsNotCut(async () =>
            {
                await far.ConnectAsync(IPAddress.Loopback, port, cut);
                await using var here = new NetworkStream(near);
                await using var there = new NetworkStream(far);
                // Whichever side ends it, it is over for both.
                await Task.WhenAny(here.CopyToAsync(there, cut), there.CopyToAsync(here, cut));
            });
    }

    private static async Task<bool> IsNotCut(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
        {
            return false;
        }
    }
}
