namespace Releases.Tool;

/// <summary>Specifies the state of an app, or of one of its services.</summary>
internal enum AppState
{
    /// <summary>A promotion is running.</summary>
    Promoting,

    /// <summary>Nothing is active, and nothing runs.</summary>
    Empty,

    /// <summary>The rack is stopped.</summary>
    Stopped,

    /// <summary>The running processes aren't those of the active release.</summary>
    Drifted,

    /// <summary>Fewer processes are healthy than there should be, or the service reports a problem.</summary>
    Degraded,

    /// <summary>The active release runs as it should.</summary>
    Running,
}

/// <summary>Represents the record of an app together with its live status.</summary>
/// <param name="AppStatus">The record.</param>
/// <param name="Active">The active release, or null if there is none.</param>
/// <param name="Services">The running services; empty if the rack is stopped.</param>
/// <param name="IsRackStopped">Whether the rack has a daemon that isn't running.</param>
internal sealed record LiveStatus(AppStatus AppStatus, Release? Active, IReadOnlyList<RunningService> Services, bool IsRackStopped)
{
    public static async Task<LiveStatus> Read(App app, Rack rack, CancellationToken cancel)
    {
        var services = await rack.Running.Services(app.Name, cancel);
        return new(
            await AppStatus.Read(app, rack, cancel),
            app.Active is { } active ? await rack.Store.FindRelease(app.Name, active, cancel) : null,
            services,
            services.Count == 0 && rack.Daemon is { } daemon && (await daemon.Status(cancel)).State == RackState.Stopped);
    }

    /// <summary>Gets the app's state.</summary>
    public AppState State =>
        AppStatus.Lock is not null ? AppState.Promoting
        : AppStatus.App.Active is null ? Services.Any(s => s is { Running: > 0, Release: not null }) ? AppState.Drifted : AppState.Empty
        : IsRackStopped ? AppState.Stopped
        : Services.Count == 0 || Services.Any(HasDrifted) || Missing.Any() ? AppState.Drifted
        : Services.Any(IsDegraded) ? AppState.Degraded
        : AppState.Running;

    /// <summary>Gets whether the app has something to run and the rack is stopped, whether or not a promotion is running.</summary>
    public bool IsStopped => IsRackStopped && (AppStatus.App.Active is not null || AppStatus.Lock is not null);

    /// <summary>Gets the services of the active release that the rack doesn't have although it is running.</summary>
    public IEnumerable<ServiceName> Missing => IsRackStopped || Active is null
        ? []
        : Active.Services.Keys.Except(Services.Select(s => s.Service)).Order();

    /// <summary>Returns the state of a service.</summary>
    public AppState StateOf(RunningService service) =>
        AppStatus.Lock is not null ? AppState.Promoting
        : HasDrifted(service) ? AppState.Drifted
        : IsDegraded(service) ? AppState.Degraded
        : AppState.Running;

    /// <summary>
    /// Determines whether a process doesn't run the active release. During a promotion, and while a process is stopping, that is expected.
    /// </summary>
    public bool HasDrifted(RunningProcess process) =>
        AppStatus.Lock is null && process.Status is not (ProcessStatus.Draining or ProcessStatus.Stopping)
        && process.Release != AppStatus.App.Active;

    /// <summary>
    /// Determines whether a service doesn't run the active release. On AWS it may also run something that isn't a release.
    /// </summary>
    private bool HasDrifted(RunningService service) =>
        service.Release is { } release ? release != AppStatus.App.Active : service.Running > 0 && AppStatus.App.Active is not null;

    private static bool IsDegraded(RunningService service) => service.Healthy < service.Desired || service.Problem is not null;
}
