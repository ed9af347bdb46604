namespace Releases.Local;

/// <summary>
/// Records the metrics of every minute at its end and when the daemon stops, and reads those of recorded minutes and the current one. A
/// daemon that is killed loses the current one.
/// </summary>
internal sealed class MetricsRecorder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TrafficRegistry _traffic;
    private readonly Func<IReadOnlyList<ServiceSnapshot>> _services;
    private readonly MetricsRing _ring;
    private readonly DaemonLog _log;
    private readonly TimeProvider _time;
    private readonly ProcessorTimes _processors = new();
    private readonly BackgroundTimer _timer;
    private Dictionary<ReleaseTraffic, TrafficCounts> _counted = [];
    private DateTimeOffset _minute;
    private bool _refused;
    private bool _disposed;

    public MetricsRecorder(
        TrafficRegistry traffic, Func<IReadOnlyList<ServiceSnapshot>> services, MetricsRing ring, DaemonLog log, TimeProvider time)
    {
        (_traffic, _services, _ring, _log, _time) = (traffic, services, ring, log, time);
        _minute = MinuteRecord.MinuteOf(time.GetUtcNow());
        _timer = new(time, "recording the metrics of the last minute", EndMinute, log.Write, Left());
    }

    /// <summary>Returns the metrics of an app's services; the last minute is the current one.</summary>
    public AppMetrics Read(AppName app, TimeSpan since)
    {
        var now = _time.GetUtcNow();
        var from = MinuteRecord.MinuteOf(now - (since < IMetrics.Kept ? since : IMetrics.Kept));
        lock (_gate)
        {
            var services = _services().Where(s => s.Key.App == app).ToList();
            var open = Records(services, _processors.SinceMinute, Counts()).Where(r => r.Service.App == app);
            return MetricsSummary.Of(
                [.. _ring.Read(app, from), .. open], from, now, InFlight,
                [.. services.SelectMany(s => s.Processes).Select(p => Process(p, now))]);
        }
    }

    /// <summary>Returns the counters of all apps in OpenMetrics format.</summary>
    public string OpenMetrics() =>
        OpenMetricsText.Write(_traffic.Totals, [.. _services().SelectMany(s => s.Processes.Select(p => (s.Key.App, p)))]);

    /// <summary>Records the current minute so far.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Write();
            _ring.Dispose();
        }
    }

    private void EndMinute()
    {
        lock (_gate)
        {
            // The timer had already fired when it was disposed.
            if (_disposed) return;
            Write();
            _minute = MinuteRecord.MinuteOf(_time.GetUtcNow());
        }

        _timer.Restart(Left());
    }

    private TimeSpan Left()
    {
        var now = _time.GetUtcNow();
        return MinuteRecord.MinuteOf(now) + TimeSpan.FromMinutes(1) - now;
    }

    private void Write()
    {
        var (services, counts, now) = (_services(), Counts(), _time.GetUtcNow());
        var used = _processors.EndMinute(services.SelectMany(s => s.Processes).Select(p => p.ProcessId).OfType<int>(), now);
        var records = Records(services, p => used.GetValueOrDefault(p), counts);
        _counted = counts.ToDictionary(c => c.Service.Traffic, c => c.Counts);
        try
        {
            _ring.Append(records);
            _refused = false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (!_refused) _log.Write(
                $"the metrics from {_minute:HH:mm} on can't be written: {refused.Message}");
            _refused = true;
        }
    }

    private List<(ServiceTraffic Service, TrafficCounts Counts)> Counts() => [.. _traffic.All.Select(t => (t, t.Traffic.Read()))];

    /// <summary>
    /// Returns the records since the last completed minute, for each release of a service that has a process or had a request.
    /// </summary>
    private List<MinuteRecord> Records(
        IReadOnlyList<ServiceSnapshot> services, Func<int, TimeSpan> used, List<(ServiceTraffic Service, TrafficCounts Counts)> counts)
    {
        var processes = services.SelectMany(s => s.Processes.Select(p => (s.Key, Process: p))).Where(p => p.Process.Release is not null)
            .ToLookup(p => (p.Key, p.Process.Release!.Value), p => p.Process);
        var requests = counts.ToLookup(
            c => (c.Service.Service, c.Service.Release),
            c => c.Counts.Since(_counted.GetValueOrDefault(c.Service.Traffic) ?? TrafficCounts.None));
        return
        [
            .. processes.Select(p => p.Key).Union(requests.Where(r => r.Any(c => !c.IsNothing)).Select(r => r.Key))
                .Select(key => new MinuteRecord(
                _minute, key.Item1, key.Item2, requests[key].Aggregate(TrafficCounts.None, (a, b) => a.With(b)), processes[key].Count(),
                processes[key].Select(p => p.ProcessId is { } id ? used(id) : default).Aggregate(TimeSpan.Zero, (a, b) => a + b),
                processes[key].Sum(p => p.MemoryBytes ?? 0))),
        ];
    }

    private int InFlight(ServiceKey service, ReleaseId release) =>
        _traffic.All.Where(t => t.Service == service && t.Release == release).Sum(t => t.Traffic.InFlight);

    private ProcessMetrics Process(RunningProcess process, DateTimeOffset now) => new(
        process.Id, process.Service, process.Release, process.ProcessId is { } id ? _processors.Share(id, process.StartedAt, now) : null,
        process.MemoryBytes);
}
