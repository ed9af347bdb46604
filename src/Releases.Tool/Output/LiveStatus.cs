namespace Releases.Tool;

/// <summary>The record of an app next to its live status.</summary>
/// <param name="AppStatus">The record.</param>
/// <param name="Active">The active release; null: none is.</param>
/// <param name="Services">The live status; empty if the rack is stopped.</param>
internal sealed record LiveStatus(AppStatus AppStatus, Release? Active, IReadOnlyList<RunningService> Services)
{
    public static async Task<LiveStatus> Read(App app, Rack rack, CancellationToken cancel) => new(
        await AppStatus.Read(app, rack.Store, cancel),
        app.Active is { } active ? await rack.Store.FindRelease(app.Name, active, cancel) : null,
        await rack.Running.Services(app.Name, cancel));

    /// <summary>The app's status: <c>promoting</c>, <c>empty</c>, <c>stopped</c>, <c>drifted</c>, <c>degraded</c> or
    /// <c>running</c>.</summary>
    public string Status =>
        AppStatus.Lock is not null ? "promoting"
        : AppStatus.App.Active is null ? Services.Any(s => s.Running > 0) ? "drifted" : "empty"
        : Services.Count == 0 ? "stopped"
        : Services.Any(HasDrifted) || Missing.Any() ? "drifted"
        : Services.Any(IsDegraded) ? "degraded"
        : "running";

    /// <summary>Services of the active release of which nothing is known where the others run.</summary>
    public IEnumerable<ServiceName> Missing => Services.Count == 0 || Active is null
        ? []
        : Active.Services.Keys.Except(Services.Select(s => s.Service)).Order();

    /// <summary>The status of one service, in the same words.</summary>
    public string StatusOf(RunningService service) =>
        AppStatus.Lock is not null ? "promoting" : HasDrifted(service) ? "drifted" : IsDegraded(service) ? "degraded" : "running";

    /// <summary>Whether a process runs something else than the record has; while a promotion runs, and on the way out, that is how it
    /// should be.</summary>
    public bool HasDrifted(RunningProcess process) =>
        AppStatus.Lock is null && process.Status is not (ProcessStatus.Draining or ProcessStatus.Stopping)
        && process.Release != AppStatus.App.Active;

    public static TextStyle StyleOf(string status) => status switch
    {
        "running" or "ready" => TextStyle.Good,
        "promoting" => TextStyle.Busy,
        "degraded" or "drifted" => TextStyle.Bad,
        _ => TextStyle.Faint,
    };

    /// <summary>On AWS a service may also run what is no release at all.</summary>
    private bool HasDrifted(RunningService service) =>
        service.Release is { } release ? release != AppStatus.App.Active : service.Running > 0 && AppStatus.App.Active is not null;

    private static bool IsDegraded(RunningService service) => service.Healthy < service.Desired || service.Problem is not null;
}
