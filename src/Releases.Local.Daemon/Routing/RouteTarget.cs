using System.Net;

namespace Releases.Local;

/// <summary>
/// One process that takes requests, and how many it has. The same object stays in the tables of as many swaps as the
/// process lives through, so that its count does too.
/// </summary>
/// <param name="id">The process, as people know it.</param>
/// <param name="port">Where it listens on 127.0.0.1.</param>
/// <param name="traffic">Where its requests are counted, with those of its release's other processes; null: apart.</param>
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

    /// <summary>The requests that it has not answered; upgraded connections and event streams are not among them.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Where its requests are counted.</summary>
    public ReleaseTraffic Traffic { get; } = traffic ?? new();

    /// <summary>The release that it runs; null: unknown.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>The line by which an answer names its release.</summary>
    internal byte[] ReleaseLine => field ??= Release is { } release ? ReleaseHeader.Line(release) : [];

    /// <summary>The connections to it that wait for a request.</summary>
    internal ProcessConnections Connections { get; } = new(port);

    /// <summary>Its address, as the forwarder takes it.</summary>
    internal string Address { get; } = $"http://127.0.0.1:{port}";

    /// <summary>Whether it takes HTTP/2 as it is; asked of it once.</summary>
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

    /// <summary>Completes when nothing is in flight.</summary>
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
