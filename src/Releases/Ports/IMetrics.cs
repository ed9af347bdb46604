namespace Releases;

/// <summary>Reads the traffic and resource usage of an app's services, minute by minute, as measured by the rack itself.</summary>
public interface IMetrics
{
    /// <summary>How long minutes are kept.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Returns the minutes that began within the last <paramref name="since"/>, including the current one.</summary>
    Task<AppMetrics> Read(AppName app, TimeSpan since, CancellationToken cancel = default);
}

/// <summary>Represents the traffic and resource usage of an app's services in a period.</summary>
/// <param name="From">The beginning of the period.</param>
/// <param name="To">The end of the period.</param>
/// <param name="Services">
/// Every release of every service that had a process or a request, by service, with the newest release of each service last.
/// </param>
/// <param name="Processes">The running processes, by service and start.</param>
public sealed record AppMetrics(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ServiceMetrics> Services,
    IReadOnlyList<ProcessMetrics> Processes)
{
    /// <summary>Returns the metrics of these services only, or of all if none is named.</summary>
    public AppMetrics Only(IReadOnlyCollection<ServiceName> services) => services.Count == 0 ? this : new(
        From, To, [.. Services.Where(s => services.Contains(s.Service))], [.. Processes.Where(p => services.Contains(p.Service))]);
}

/// <summary>Represents the metrics of one release of a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Release">The release.</param>
/// <param name="Traffic">Its requests in all minutes.</param>
/// <param name="InFlight">The requests that it hasn't answered yet, excluding upgraded connections and event streams.</param>
/// <param name="Minutes">The minutes in which it had a process or a request, oldest first.</param>
public sealed record ServiceMetrics(ServiceName Service, ReleaseId Release, TrafficMetrics Traffic, int InFlight,
    IReadOnlyList<MinuteMetrics> Minutes);

/// <summary>Represents the requests in a period.</summary>
/// <param name="Requests">The requests that were forwarded to a process, including upgraded connections.</param>
/// <param name="ServerErrors">The requests that were answered with 5xx.</param>
/// <param name="Failed">The requests for which no connection was accepted, or whose connection broke.</param>
/// <param name="BytesIn">The bytes that clients sent.</param>
/// <param name="BytesOut">The bytes that were sent to clients.</param>
/// <param name="P50">The time within which half of the responses started, or null if there were none.</param>
/// <param name="P95">The time within which 95 % of the responses started.</param>
/// <param name="P99">The time within which 99 % of the responses started.</param>
public sealed record TrafficMetrics(
    long Requests, long ServerErrors, long Failed, long BytesIn, long BytesOut, TimeSpan? P50, TimeSpan? P95, TimeSpan? P99);

/// <summary>Represents one minute of a release of a service.</summary>
/// <param name="At">When the minute began.</param>
/// <param name="Traffic">Its requests.</param>
/// <param name="Processes">The number of its processes at the end of the minute.</param>
/// <param name="Cpu">The processor time that its processes used.</param>
/// <param name="MemoryBytes">The resident memory of all its processes at the end of the minute.</param>
public sealed record MinuteMetrics(DateTimeOffset At, TrafficMetrics Traffic, int Processes, TimeSpan Cpu, long MemoryBytes);

/// <summary>Represents what a process is currently using.</summary>
/// <param name="Id">Its name, as in <see cref="RunningProcess.Id"/>.</param>
/// <param name="Service">Its service.</param>
/// <param name="Release">Its release, or null if it doesn't run one.</param>
/// <param name="Cpu">
/// The number of processors that it kept busy over the last minute or two, where 1 is one full processor; null if unknown.
/// </param>
/// <param name="MemoryBytes">Its resident memory, or null if unknown.</param>
public sealed record ProcessMetrics(string Id, ServiceName Service, ReleaseId? Release, double? Cpu, long? MemoryBytes);
