using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Releases.Testing;

namespace Releases.Local.Tests;

/// <summary>A process that plays its part of the given exchange, and keeps what it was sent.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _seen = Channel.CreateUnbounded<byte[]>();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private volatile Func<RawConnection, Task<bool>> _part = _ => Task.FromResult(false);
    private int _heads;

    public RawServer()
    {
        _listener.Start(512);
        Target = new("web-raw", Port);
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public RouteTarget Target { get; }

    /// <summary>How many requests have reached it.</summary>
    public int Requests => Volatile.Read(ref _heads);

    /// <summary>What the next request that it got was.</summary>
    public async Task<byte[]> Seen() => await _seen.Reader.ReadAsync(TestContextLimit()).AsTask();

    public void Plays(RawExchange exchange, Random? pieces = null) => Plays(async connection =>
    {
        var head = await connection.Head();
        if (head.Length == 0) return false;
        Interlocked.Increment(ref _heads);
        var body = await connection.Bytes(exchange.RequestBody);
        await _seen.Writer.WriteAsync([.. head, .. body]);
        await connection.Send(exchange.Response, pieces);
        return !exchange.ServerCloses;
    });

    /// <summary>What it does with a connection, again and again as long as that returns true.</summary>
    public void Plays(Func<RawConnection, Task<bool>> part) => _part = part;

    /// <summary>Responds to every request without a body with this.</summary>
    public void RespondsWith(string latin1) => Plays(new RawExchange([], System.Text.Encoding.Latin1.GetBytes(latin1)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private static CancellationToken TestContextLimit() => new CancellationTokenSource(Patience.Limit).Token;

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                try
                {
                    _connections.Add(Serve(await _listener.AcceptSocketAsync(_stop.Token)));
                }
                catch (SocketException full) when (full.SocketErrorCode == SocketError.TooManyOpenSockets)
                {
                    // The test has taken all files for a moment.
                    await Task.Yield();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task Serve(Socket socket)
    {
        using var connection = new RawConnection(socket);
        await using var end = _stop.Token.Register(socket.Dispose);
        try
        {
            // The part is looked up when there is something to read: the test may have given it another one meanwhile.
            while (await connection.HasMore() && await _part(connection)) { }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The other side ended it, or the server is stopped.
        }
    }
}
