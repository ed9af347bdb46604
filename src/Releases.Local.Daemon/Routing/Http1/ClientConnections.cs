using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Every connection of a client, whichever port it came in at. Those that speak HTTP/2 are handed over.</summary>
internal sealed class ClientConnections : IAsyncDisposable
{
    /// <summary>How long a request waits for the daemon to see that every process it knew is gone.</summary>
    public static readonly TimeSpan ReplacementTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ClientConnection, Task> _open = new();
    private readonly Action<Socket> _http2;
    private readonly IdleMemory _memory = new();
    private readonly ITimer _timer;
    private volatile bool _stopping;

    public ClientConnections(Routes routes, ForwardedHeaders forwarded, Action<Socket> http2, EventLoops loops, TimeProvider time)
    {
        (Routes, ForwardedHeaders, Time, _http2, Loops) = (routes, forwarded, time, http2, loops);
        _timer = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public Routes Routes { get; }

    public ForwardedHeaders ForwardedHeaders { get; }

    public EventLoops Loops { get; }

    public TimeProvider Time { get; }

    public bool IsStopping => _stopping;

    /// <summary>Serves a connection that was accepted at this port.</summary>
    public void Serve(Socket socket, int localPort)
    {
        ClientConnection connection;
        try
        {
            connection = new(socket, localPort, this);
        }
        catch (SocketException)
        {
            // Gone while it waited: its address can no longer be asked for.
            socket.Dispose();
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[connection] = done.Task;
        _ = Run(connection, socket, done);
    }

    /// <summary>Gives what is in flight until the token is cancelled, then ends every connection.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        _stopping = true;
        foreach (var connection in _open.Keys) connection.EndIfIdle(TimeSpan.Zero);
        await using var limit = cancel.Register(() =>
        {
            foreach (var connection in _open.Keys) connection.Abort();
        });
        await Task.WhenAll(_open.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await Stop(new CancellationToken(canceled: true));
    }

    private async Task Run(ClientConnection connection, Socket socket, TaskCompletionSource done)
    {
        var handedOver = false;
        try
        {
            handedOver = await connection.SpeaksHttp2();
            if (handedOver) _http2(socket);
            else await connection.Run();
        }
        finally
        {
            _open.TryRemove(connection, out _);
            if (!handedOver) connection.Dispose();
            done.SetResult();
        }
    }

    private void Sweep()
    {
        foreach (var connection in _open.Keys)
        {
            connection.EndIfIdle(IdleTimeout);
            connection.CountBytes();
        }

        foreach (var target in Routes.Current.Targets) target.Connections.Trim(Time);
        _memory.Look(Routes.Current.Targets.Sum(t => t.Traffic.Read().Requests));
    }
}
