using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Manages the connections of all clients on all ports, and hands over those that speak HTTP/2.</summary>
internal sealed class ClientConnections : IAsyncDisposable
{
    /// <summary>How long a request waits for the daemon to notice that all known processes are gone.</summary>
    public static readonly TimeSpan ReplacementTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    /// <summary>How long a connection may be idle while others wait to be accepted.</summary>
    private static readonly TimeSpan ScarceIdleTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ClientConnection, Task> _open = new();
    private readonly Action<Socket> _http2;
    private readonly Action<string> _report;
    private readonly IdleMemory _memory = new();
    private readonly ConnectionLimit _limit;
    private readonly BackgroundTimer _timer;
    private volatile bool _stopping;
    private string? _reported;

    /// <param name="routes">The current route table.</param>
    /// <param name="forwarded">The settings of the headers about a request's origin.</param>
    /// <param name="http2">Takes over a connection that speaks HTTP/2.</param>
    /// <param name="loops">The threads that forward requests.</param>
    /// <param name="limit">Counts the clients.</param>
    /// <param name="report">Receives the unexpected failure of a connection, once for each cause in a row.</param>
    /// <param name="time">The clock.</param>
    public ClientConnections(
        Routes routes, ForwardedHeaders forwarded, Action<Socket> http2, EventLoops loops, ConnectionLimit limit, Action<string> report,
        TimeProvider time)
    {
        (Routes, ForwardedHeaders, Time, _http2, Loops, _report) = (routes, forwarded, time, http2, loops, report);
        _limit = limit;
        limit.CloseIdle = () =>
        {
            foreach (var target in Routes.Current.Targets) target.Connections.CloseIdle();
        };
        _timer = new(time, "closing idle connections", Sweep, report, SweepInterval, SweepInterval);
    }

    public Routes Routes { get; }

    public ForwardedHeaders ForwardedHeaders { get; }

    public EventLoops Loops { get; }

    public TimeProvider Time { get; }

    public bool IsStopping => _stopping;

    /// <summary>Serves a connection that was accepted on this port and counted.</summary>
    public void Serve(Socket socket, int localPort)
    {
        ClientConnection connection;
        try
        {
            connection = new(socket, localPort, this);
        }
        catch (SocketException)
        {
            // The client left while the connection was queued, so its address is no longer available.
            socket.Dispose();
            _limit.Leave();
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[connection] = done.Task;
        _ = Run(connection, socket, done);
    }

    /// <summary>Lets requests in flight finish until the token is cancelled, and then closes all connections.</summary>
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
        await Stop(new CancellationToken(true));
    }

    private async Task Run(ClientConnection connection, Socket socket, TaskCompletionSource done)
    {
        var handedOver = false;
        try
        {
            if (await connection.SpeaksHttp2())
            {
                _http2(socket);
                handedOver = true;
            }
            else
            {
                await connection.Run();
            }
        }
#pragma warning disable CA1031 // A fault of the router ends only this connection.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            socket.Dispose();
            // Requests that fail the same way would fill the log.
            if (Interlocked.Exchange(ref _reported, $"{fault}") != $"{fault}") _report($"a client's connection failed: {fault}");
        }
        finally
        {
            _open.TryRemove(connection, out _);
            if (!handedOver)
            {
                connection.Dispose();
                _limit.Leave();
            }

            done.SetResult();
        }
    }

    private void Sweep()
    {
        _limit.Adapt();
        var idle = _limit.IsScarce ? ScarceIdleTimeout : IdleTimeout;
        foreach (var connection in _open.Keys)
        {
            connection.EndIfIdle(idle);
            connection.CountBytes();
        }

        foreach (var target in Routes.Current.Targets) target.Connections.Trim(Time);
        _memory.Look(Routes.Current.Targets.Sum(t => t.Traffic.Read().Requests));
    }
}
