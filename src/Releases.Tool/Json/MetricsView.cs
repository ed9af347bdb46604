namespace Releases.Tool;

/// <summary>The traffic and resource usage of an app's services within a period.</summary>
internal sealed record MetricsView(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ServiceMetricsView> Services, IReadOnlyList<ProcessMetricsView> Processes)
{
    public static MetricsView Of(AppMetrics read) => new(
        read.From, read.To, [.. read.Services.Select(ServiceMetricsView.Of)], [.. read.Processes.Select(ProcessMetricsView.Of)]);
}

/// <summary>The metrics of one release of a service.</summary>
internal sealed record ServiceMetricsView(
    string Service, string Release, TrafficMetricsView Traffic, int InFlight, IReadOnlyList<MinuteMetricsView> Minutes)
{
    public static ServiceMetricsView Of(ServiceMetrics service) => new(
        service.Service.ToString(), service.Release.ToString(), TrafficMetricsView.Of(service.Traffic), service.InFlight,
        [.. service.Minutes.Select(MinuteMetricsView.Of)]);
}

/// <summary>The requests within a period.</summary>
internal sealed record TrafficMetricsView(
    long Requests, long ServerErrors, long Failed, long BytesIn, long BytesOut, double? P50Milliseconds, double? P95Milliseconds,
    double? P99Milliseconds)
{
    public static TrafficMetricsView Of(TrafficMetrics traffic) => new(
        traffic.Requests, traffic.ServerErrors, traffic.Failed, traffic.BytesIn, traffic.BytesOut, traffic.P50?.TotalMilliseconds,
        traffic.P95?.TotalMilliseconds, traffic.P99?.TotalMilliseconds);
}

/// <summary>One minute of a release of a service.</summary>
internal sealed record MinuteMetricsView(DateTimeOffset At, TrafficMetricsView Traffic, int Processes, double CpuSeconds, long MemoryBytes)
{
    public static MinuteMetricsView Of(MinuteMetrics minute) => new(
        minute.At, TrafficMetricsView.Of(minute.Traffic), minute.Processes, minute.Cpu.TotalSeconds, minute.MemoryBytes);
}

/// <summary>The current resource usage of a process; a <c>cpu</c> of 1 is one fully used processor.</summary>
internal sealed record ProcessMetricsView(string Id, string Service, string? Release, double? Cpu, long? MemoryBytes)
{
    public static ProcessMetricsView Of(ProcessMetrics process) => new(
        process.Id, process.Service.ToString(), process.Release?.ToString(),
        process.Cpu is { } cpu ? Math.Round(cpu, 4) : null, process.MemoryBytes);
}
