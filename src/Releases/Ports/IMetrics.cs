namespace Releases;

/// <summary>What an app's services served and used, minute by minute, as the rack measured it itself. Read only.</summary>
public interface IMetrics
{
    /// <summary>How far back there are minutes.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>The minutes that began within the last <paramref name="since"/>, up to the one that runs now.</summary>
    Task<AppMetrics> Read(AppName app, TimeSpan since, CancellationToken cancel = default);
}

/// <summary>What an app's services served and used within a time.</summary>
/// <param name="From">The time's begin.</param>
/// <param name="To">Its end.</param>
/// <param name="Services">Each release of each service that had a process or a request, by service, and each service's newest last.</param>
/// <param name="Processes">The processes that run now, by service and start.</param>
public sealed record AppMetrics(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ServiceMetrics> Services,
    IReadOnlyList<ProcessMetrics> Processes)
{
    /// <summary>Only these services; all of them if none is named.</summary>
    public AppMetrics Only(IReadOnlyCollection<ServiceName> services) => services.Count == 0 ? this : new(
        From, To, [.. Services.Where(s => services.Contains(s.Service))], [.. Processes.Where(p => services.Contains(p.Service))]);
}

/// <summary>One release of a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Release">The release.</param>
/// <param name="Traffic">Its requests, over all minutes.</param>
/// <param name="InFlight">The requests that it hasn't answered now; upgraded connections and event streams aren't among them.</param>
/// <param name="Minutes">The minutes in which it had a process or a request, oldest first.</param>
public sealed record ServiceMetrics(ServiceName Service, ReleaseId Release, TrafficMetrics Traffic, int InFlight,
    IReadOnlyList<MinuteMetrics> Minutes);

/// <summary>The requests of a time.</summary>
/// <param name="Requests">Those that a process was given, upgraded connections included.</param>
/// <param name="ServerErrors">Those that it answered with 5xx.</param>
/// <param name="Failed">Those that it took no connection for, or broke off.</param>
/// <param name="BytesIn">What clients sent, in bytes.</param>
/// <param name="BytesOut">What clients were sent, in bytes.</param>
/// <param name="P50">The time within which half of the answers began; null: there were no answers.</param>
/// <param name="P95">The same of 95 %.</param>
/// <param name="P99">The same of 99 %.</param>
public sealed record TrafficMetrics(
    long Requests, long ServerErrors, long Failed, long BytesIn, long BytesOut, TimeSpan? P50, TimeSpan? P95, TimeSpan? P99);

/// <summary>One minute of a release of a service.</summary>
/// <param name="At">When the minute began.</param>
/// <param name="Traffic">Its requests.</param>
/// <param name="Processes">How many processes it had at the minute's end.</param>
/// <param name="Cpu">The processor time that its processes used.</param>
/// <param name="MemoryBytes">Their resident memory at the minute's end, together.</param>
public sealed record MinuteMetrics(DateTimeOffset At, TrafficMetrics Traffic, int Processes, TimeSpan Cpu, long MemoryBytes);

/// <summary>What a process uses now.</summary>
/// <param name="Id">Its name, as in <see cref="RunningProcess.Id"/>.</param>
/// <param name="Service">Its service.</param>
/// <param name="Release">Its release; null: it runs no release.</param>
/// <param name="Cpu">Processors that it kept busy over the last minute or two, 1 being one of them all the time; null if unknown.</param>
/// <param name="MemoryBytes">Its resident memory; null if unknown.</param>
public sealed record ProcessMetrics(string Id, ServiceName Service, ReleaseId? Release, double? Cpu, long? MemoryBytes);
