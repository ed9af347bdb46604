namespace Releases.Local;

/// <summary>
/// Counts a client's bytes for the release that handles its request: at the end of the exchange, and periodically during a long one.
/// </summary>
internal sealed class ByteCounter(BufferedConnection client)
{
    private readonly Lock _gate = new();
    private ReleaseTraffic? _traffic;
    private long _in;
    private long _out;

    /// <summary>Begins another request, whose release isn't chosen yet.</summary>
    public void Begin() => (_in, _out) = (client.Consumed, client.Sent);

    public void CountFor(ReleaseTraffic traffic)
    {
        lock (_gate) _traffic = traffic;
    }

    /// <summary>Counts the bytes transferred so far.</summary>
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

    /// <summary>Counts the bytes transferred so far, and ends the request.</summary>
    public void End()
    {
        Count();
        lock (_gate) _traffic = null;
    }
}
