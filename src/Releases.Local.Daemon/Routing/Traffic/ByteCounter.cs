namespace Releases.Local;

/// <summary>
/// Counts a client's bytes for the release that has its request: at the end of the exchange, and now and then within one
/// that lasts.
/// </summary>
internal sealed class ByteCounter(BufferedConnection client)
{
    private readonly Lock _gate = new();
    private ReleaseTraffic? _traffic;
    private long _in;
    private long _out;

    /// <summary>What follows is of another request, whose release is not chosen yet.</summary>
    public void Begin() => (_in, _out) = (client.Consumed, client.Sent);

    public void CountFor(ReleaseTraffic traffic)
    {
        lock (_gate) _traffic = traffic;
    }

    /// <summary>Counts what has passed up to now.</summary>
    public void Count()
    {
        lock (_gate)
        {
            if (_traffic is not { } traffic) return;
            var (read, sent) = (client.Consumed, client.Sent);
            traffic.Passed(read - _in, sent - _out);
            (_in, _out) = (read, sent);
        }
    }

    /// <summary>Counts what has passed up to now, and nothing that follows.</summary>
    public void End()
    {
        Count();
        lock (_gate) _traffic = null;
    }
}
