namespace Releases;

/// <summary>Reads the state and the output of running processes.</summary>
public interface IRunning
{
    /// <summary>Returns the processes of an app, by service and start.</summary>
    Task<IReadOnlyList<RunningProcess>> Processes(AppName app, CancellationToken cancel = default);

    /// <summary>Returns the services of an app with their addresses and counts, sorted by name.</summary>
    Task<IReadOnlyList<RunningService>> Services(AppName app, CancellationToken cancel = default);

    /// <summary>
    /// How far back output is read if the query has no start, and how long the release of a stopped process is known; null if both are for
    /// as long as the output is kept.
    /// </summary>
    TimeSpan? LogPeriod { get; }

    /// <summary>Returns the output of processes in chronological order; ends at the newest line unless it is followed.</summary>
    IAsyncEnumerable<LogLine> Logs(LogQuery query, CancellationToken cancel = default);
}

/// <summary>Represents a running process.</summary>
/// <param name="Id">Its name, unique within the app: <c>web-4f21</c>.</param>
/// <param name="Service">Its service.</param>
/// <param name="Release">Its release, or null if it doesn't run one.</param>
/// <param name="Status">Its status.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="Restarts">The number of restarts since the promotion, including those of the processes that it replaced.</param>
/// <param name="ProcessId">The operating system's process id, or null if there is none.</param>
/// <param name="MemoryBytes">Its resident memory, or null if unknown.</param>
public sealed record RunningProcess(
    string Id, ServiceName Service, ReleaseId? Release, ProcessStatus Status, DateTimeOffset StartedAt, int Restarts,
    int? ProcessId, long? MemoryBytes);

/// <summary>Represents a running service.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Url">Its address by name; null without a port, and while another program occupies the router's port.</param>
/// <param name="DirectUrl">Its address by port; null without a port, and while another program occupies it.</param>
/// <param name="Desired">The desired number of processes.</param>
/// <param name="Running">The number of running processes.</param>
/// <param name="Healthy">The number of healthy processes.</param>
/// <param name="Release">The release that carries its traffic.</param>
/// <param name="Problem">What is wrong with it, such as a port in use or a crash loop; null if nothing is.</param>
public sealed record RunningService(
    ServiceName Service, string? Url, string? DirectUrl, int Desired, int Running, int Healthy, ReleaseId? Release, string? Problem)
{
    /// <summary>
    /// Where to try the release that is being promoted and doesn't have all the traffic yet, or null if it can't be tried.
    /// </summary>
    public CandidateAddress? Candidate { get; init; }
}

/// <summary>Represents the address of a release that doesn't have all the traffic yet.</summary>
/// <param name="Release">The release.</param>
/// <param name="Url">The address of one of its processes, or null if there is none.</param>
public sealed record CandidateAddress(ReleaseId Release, string? Url);

/// <summary>Selects log lines.</summary>
/// <param name="App">The app.</param>
/// <param name="Services">The services; all if empty.</param>
/// <param name="Release">The release of the processes; any if null.</param>
/// <param name="Since">The time of the oldest lines; if null, <see cref="IRunning.LogPeriod"/> decides.</param>
/// <param name="Tail">The maximum number of latest lines; all if null.</param>
/// <param name="Follow">Whether to also return new lines until cancelled.</param>
public sealed record LogQuery(
    AppName App, IReadOnlyList<ServiceName> Services, ReleaseId? Release = null, DateTimeOffset? Since = null,
    int? Tail = null, bool Follow = false);

/// <summary>Represents one line that a process printed.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Service">The service.</param>
/// <param name="Process">The process, as in <see cref="RunningProcess.Id"/>.</param>
/// <param name="Release">Its release, or null if it is no longer known.</param>
/// <param name="Text">The line, without its line break.</param>
public sealed record LogLine(DateTimeOffset At, ServiceName Service, string Process, ReleaseId? Release, string Text)
{
    /// <summary>Whether it was printed to standard error; false if the rack doesn't know.</summary>
    public bool IsError { get; init; }
}
