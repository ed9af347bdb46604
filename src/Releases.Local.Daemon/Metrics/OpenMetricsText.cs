using System.Globalization;
using System.Text;

namespace Releases.Local;

/// <summary>Writes the counters of the whole rack in OpenMetrics 1.0 format. They start at 0 with the daemon, as scrapers expect.</summary>
internal static class OpenMetricsText
{
    public const string ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>The number of histogram buckets to merge into one, so that bounds double.</summary>
    private const int ClassesPerBucket = 8;

    /// <param name="traffic">The router's counts.</param>
    /// <param name="processes">The running processes.</param>
    public static string Write(IReadOnlyList<TrafficTotal> traffic, IReadOnlyList<(AppName App, RunningProcess Process)> processes)
    {
        var counted = traffic.Select(t => (Labels: Labels(t.Service.App, t.Service.Service, t.Release), t.Counts, t.InFlight, t.AnswerTime))
            .ToList();
        var text = new StringBuilder();
        Counter("convox_requests", null, "Requests that a process was given.", counted.Select(c => (c.Labels, c.Counts.Requests)));
        Counter("convox_server_errors", null, "Requests that a process answered with 5xx.",
            counted.Select(c => (c.Labels, c.Counts.ServerErrors)));
        Counter("convox_failed_requests", null, "Requests that a process took no connection for, or broke off.",
            counted.Select(c => (c.Labels, c.Counts.Failed)));
        Counter("convox_received_bytes", "bytes", "Data from clients over HTTP/1.", counted.Select(c => (c.Labels, c.Counts.BytesIn)));
        Counter("convox_sent_bytes", "bytes", "Data to clients over HTTP/1.", counted.Select(c => (c.Labels, c.Counts.BytesOut)));
        Begin("convox_requests_in_flight", "gauge", null, "Requests that aren't answered.");
        foreach (var service in counted) Sample("convox_requests_in_flight", service.Labels, service.InFlight);
        Begin("convox_response_seconds", "histogram", "seconds", "Time from a request's head to its answer's.");
        foreach (var service in counted) Histogram(service.Labels, service.Counts.Latencies, service.AnswerTime);
        Begin("convox_process_cpu_seconds", "counter", "seconds", "Processor time of a process.");
        foreach (var (app, process) in processes)
            if (process.ProcessId is { } id && ProcessTable.ProcessorTime(id) is { } used)
                Sample("convox_process_cpu_seconds_total", Labels(app, process), used.TotalSeconds);
        Begin("convox_process_memory_bytes", "gauge", "bytes", "Resident memory of a process.");
        foreach (var (app, process) in processes)
            if (process.MemoryBytes is { } bytes) Sample("convox_process_memory_bytes", Labels(app, process), bytes);
        return text.Append("# EOF\n").ToString();

        void Counter(string name, string? unit, string help, IEnumerable<(string Labels, long Value)> samples)
        {
            Begin(name, "counter", unit, help);
            foreach (var (labels, value) in samples) Sample($"{name}_total", labels, value);
        }

        void Begin(string name, string type, string? unit, string help)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
            if (unit is not null) text.Append(CultureInfo.InvariantCulture, $"# UNIT {name} {unit}\n");
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n");
        }

        void Sample(string name, string labels, double value) => text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value}\n");

        void Histogram(string labels, LatencyCounts latencies, TimeSpan sum)
        {
            long seen = 0;
            for (var i = 0; i < latencies.Counts.Length - 1; i++)
            {
                seen += latencies.Counts[i];
                if (i % ClassesPerBucket == 0) Sample("convox_response_seconds_bucket",
                    $"{labels},le=\"{LatencyHistogram.Bound(i).TotalSeconds.ToString(CultureInfo.InvariantCulture)}\"", seen);
            }

            Sample("convox_response_seconds_bucket", $"{labels},le=\"+Inf\"", latencies.Total);
            Sample("convox_response_seconds_count", labels, latencies.Total);
            Sample("convox_response_seconds_sum", labels, sum.TotalSeconds);
        }
    }

    /// <summary>Returns the labels. Names contain nothing that has to be escaped.</summary>
    private static string Labels(AppName app, ServiceName service, ReleaseId? release) =>
        $"app=\"{app}\",service=\"{service}\",release=\"{release}\"";

    private static string Labels(AppName app, RunningProcess process) =>
        $"{Labels(app, process.Service, process.Release)},process=\"{process.Id}\"";
}
