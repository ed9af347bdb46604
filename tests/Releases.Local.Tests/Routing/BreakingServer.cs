using System.Net;
using System.Net.Sockets;

namespace Releases.Local.Tests;

/// <summary>Reads the head of a request and breaks the connection, after an answer or without one.</summary>
internal sealed class BreakingServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly Task _serving;
    private int _requests;

    private BreakingServer(string answer)
    {
        _answer = System.Text.Encoding.ASCII.GetBytes(answer);
        _listener.Start();
        Target = new RouteTarget("web-breaking", Port);
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public RouteTarget Target { get; }

    public int Requests => Volatile.Read(ref _requests);

    public static Task<BreakingServer> Start(string answer = "") => Task.FromResult(new BreakingServer(answer));

    public async ValueTask DisposeAsync()
    {
        // Stopped while it serves, the listener fails in whatever way the moment has.
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptSocketAsync(_stop.Token);
                if (await client.ReceiveAsync(new byte[16 * 1024]) > 0) Interlocked.Increment(ref _requests);
                await client.SendAsync(_answer);
                client.Shutdown(SocketShutdown.Both);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
