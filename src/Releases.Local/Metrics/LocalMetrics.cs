namespace Releases.Local;

/// <summary>Provides the daemon's metrics or, without a daemon, those left in the file.</summary>
internal sealed class LocalMetrics(LocalHome home, LocalDaemon daemon, DaemonClient client, TimeProvider time) : IMetrics
{
    public async Task<AppMetrics> Read(AppName app, TimeSpan since, CancellationToken cancel = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await client.Get(DaemonProtocol.Metrics(app, since), DaemonMessages.Default.AppMetrics, cancel);
            }
            catch (Exception lost) when (DaemonClient.IsConnectionLost(lost) && attempt < DaemonClient.Attempts)
            {
                // Reading doesn't start a daemon, but waits for one that is starting.
                if (!await daemon.IsStarting(cancel)) return Kept(app, since);
            }
        }
    }

    private AppMetrics Kept(AppName app, TimeSpan since)
    {
        using var ring = new MetricsRing(home.Metrics);
        var now = time.GetUtcNow();
        var from = MinuteRecord.MinuteOf(now - since);
        return MetricsSummary.Of(ring.Read(app, from), from, now);
    }
}
