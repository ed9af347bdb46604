namespace Releases;

/// <summary>The running processes, read only.</summary>
public interface IRunning
{
    /// <summary>The processes of an app, by service and start.</summary>
    Task<IReadOnlyList<RunningProcess>> Processes(AppName app, CancellationToken cancel = default);

    /// <summary>The services of an app with their addresses and counts, sorted by name.</summary>
    Task<IReadOnlyList<RunningService>> Services(AppName app, CancellationToken cancel = default);

    /// <summary>The output of processes in order of time; ends at the newest line unless it is followed.</summary>
    IAsyncEnumerable<LogLine> Logs(LogQuery query, CancellationToken cancel = default);
}

/// <summary>One process.</summary>
/// <param name="Id">Its name, unique within the app: <c>web-4f21</c>.</param>
/// <param name="Service">Its service.</param>
/// <param name="Release">Its release; null: it runs no release.</param>
/// <param name="Status">Its status.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="Restarts">How often it was restarted since the promotion, counting the processes that it replaced.</param>
/// <param name="ProcessId">The system's number of it; null if there is none.</param>
/// <param name="MemoryBytes">Resident memory; null if unknown.</param>
public sealed record RunningProcess(
    string Id, ServiceName Service, ReleaseId? Release, ProcessStatus Status, DateTimeOffset StartedAt, int Restarts,
    int? ProcessId, long? MemoryBytes);

/// <summary>One service.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Url">Its address by name; null without a port, and while another program has the router's.</param>
/// <param name="DirectUrl">Its address by port; null without one, and while another program has it.</param>
/// <param name="Desired">How many processes it should have.</param>
/// <param name="Running">How many it has.</param>
/// <param name="Healthy">How many of them are healthy.</param>
/// <param name="Release">The release that carries its traffic.</param>
/// <param name="Problem">What is wrong with it, such as a port in use or a crash loop; null: nothing.</param>
public sealed record RunningService(
    ServiceName Service, string? Url, string? DirectUrl, int Desired, int Running, int Healthy, ReleaseId? Release, string? Problem)
{
    /// <summary>Where the release can be tried that is being promoted and doesn't have all the traffic yet; null: nowhere.</summary>
    public CandidateAddress? Candidate { get; init; }
}

/// <summary>Where a release can be tried that doesn't have all the traffic yet.</summary>
/// <param name="Release">The release.</param>
/// <param name="Url">The address of one of its processes; null: it has none.</param>
public sealed record CandidateAddress(ReleaseId Release, string? Url);

/// <summary>Selects log lines.</summary>
/// <param name="App">The app.</param>
/// <param name="Services">Of these services; empty: all.</param>
/// <param name="Release">Of processes of this release; null: all.</param>
/// <param name="Since">Not older than this.</param>
/// <param name="Tail">The last so many; null: all.</param>
/// <param name="Follow">And those to come, until cancelled.</param>
public sealed record LogQuery(
    AppName App, IReadOnlyList<ServiceName> Services, ReleaseId? Release = null, DateTimeOffset? Since = null,
    int? Tail = null, bool Follow = false);

/// <summary>One line that a process printed.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Service">The service.</param>
/// <param name="Process">The process, as in <see cref="RunningProcess.Id"/>.</param>
/// <param name="Release">Its release; null if no longer known.</param>
/// <param name="Text">The line without its end.</param>
public sealed record LogLine(DateTimeOffset At, ServiceName Service, string Process, ReleaseId? Release, string Text)
{
    /// <summary>Whether it was printed to standard error; false where a rack doesn't know.</summary>
    public bool IsError { get; init; }
}
