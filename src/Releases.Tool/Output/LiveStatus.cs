namespace Releases.Tool;

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

    /// <summary>
    /// Gets the app's status: <c>promoting</c>, <c>empty</c>, <c>stopped</c>, <c>drifted</c>, <c>degraded</c> or <c>running</c>.
    /// </summary>
    public string Status =>
        AppStatus.Lock is not null ? "promoting"
        : AppStatus.App.Active is null ? Services.Any(s => s is { Running: > 0, Release: not null }) ? "drifted" : "empty"
        : IsRackStopped ? "stopped"
        : Services.Count == 0 || Services.Any(HasDrifted) || Missing.Any() ? "drifted"
        : Services.Any(IsDegraded) ? "degraded"
        : "running";

    /// <summary>Gets whether the app has something to run and the rack is stopped, whatever its status says of a promotion.</summary>
    public bool IsStopped => IsRackStopped && (AppStatus.App.Active is not null || AppStatus.Lock is not null);

    /// <summary>Gets the services of the active release that the rack doesn't have although it is running.</summary>
    public IEnumerable<ServiceName> Missing => IsRackStopped || Active is null
        ? []
        : Active.Services.Keys.Except(Services.Select(s => s.Service)).Order();

    /// <summary>Returns the status of a service, in the same terms.</summary>
    public string StatusOf(RunningService service) =>
        AppStatus.Lock is not null ? "promoting" : HasDrifted(service) ? "drifted" : IsDegraded(service) ? "degraded" : "running";

    /// <summary>
    /// Determines whether a process doesn't run the active release. During a promotion, and while a process is stopping, that is expected.
    /// </summary>
    public bool HasDrifted(RunningProcess process) =>
        AppStatus.Lock is null && process.Status is not (ProcessStatus.Draining or ProcessStatus.Stopping)
        && process.Release != AppStatus.App.Active;

    public static TextStyle StyleOf(string status) => status switch
    {
        "running" => TextStyle.Good,
        "promoting" => TextStyle.Busy,
        "degraded" or "drifted" => TextStyle.Bad,
        _ => TextStyle.Faint,
    };

    /// <summary>
    /// Determines whether a service doesn't run the active release. On AWS it may also run something that isn't a release.
    /// </summary>
    private bool HasDrifted(RunningService service) =>
        service.Release is { } release ? release != AppStatus.App.Active : service.Running > 0 && AppStatus.App.Active is not null;

    private static bool IsDegraded(RunningService service) => service.Healthy < service.Desired || service.Problem is not null;
}
