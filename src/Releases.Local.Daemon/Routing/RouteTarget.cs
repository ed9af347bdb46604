using System.Net;

namespace Releases.Local;

/// <summary>
/// Represents a process that takes requests, and counts those in flight. The same object stays in successive tables for as long as the
/// process lives, so that its count does too.
/// </summary>
/// <param name="id">The process, as people know it.</param>
/// <param name="port">Where it listens on 127.0.0.1.</param>
/// <param name="traffic">The counters that it shares with the other processes of its release, or null for its own.</param>
internal sealed class RouteTarget(string id, int port, ReleaseTraffic? traffic = null)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _inFlight;
    private Task<bool?>? _speaksHttp2;

    /// <summary>The process, as people know it.</summary>
    public string Id { get; } = id;

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; } = port;

    /// <summary>Gets the number of requests in flight, without upgraded connections and event streams.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets the counters of its requests.</summary>
    public ReleaseTraffic Traffic { get; } = traffic ?? new(TimeProvider.System);

    /// <summary>Gets its release, or null if unknown.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>Gets the header line that names its release in a response.</summary>
    internal byte[] ReleaseLine => field ??= Release is { } release ? ReleaseHeader.Line(release) : [];

    /// <summary>Gets the idle connections to the process.</summary>
    internal ProcessConnections Connections { get; } = new(port);

    /// <summary>Gets the address in the forwarder's format.</summary>
    internal string Address { get; } = $"http://127.0.0.1:{port}";

    /// <summary>Determines whether the process speaks HTTP/2 with prior knowledge; detected only once.</summary>
    internal async ValueTask<bool> SpeaksHttp2(TimeProvider time)
    {
        var asked = Volatile.Read(ref _speaksHttp2);
        if (asked is null || (asked.IsCompletedSuccessfully && await asked is null))
            Volatile.Write(ref _speaksHttp2, asked = Http2Detection.Probe(new(IPAddress.Loopback, Port), time, CancellationToken.None));
        return await asked == true;
    }

    internal void Enter()
    {
        Traffic.Enter();
        lock (_gate) _inFlight++;
    }

    internal void Leave()
    {
        Traffic.Leave();
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (--_inFlight == 0) (idle, _idle) = (_idle, null);
        }

        idle?.TrySetResult();
    }

    /// <summary>Returns a task that completes when nothing is in flight.</summary>
    internal Task Idle()
    {
        lock (_gate)
        {
            return _inFlight == 0
                ? Task.CompletedTask
                : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public override string ToString() => $"{Id} at port {Port}";
}
