namespace Releases.Local;

/// <summary>Implements the requests that commands send to the daemon.</summary>
internal sealed class DaemonApi(
    DaemonState state, RackPorts ports, PromotionConductor conductor, LocalEngine engine, ServiceAddresses addresses,
    MetricsRecorder metrics, MetricsEndpoint endpoint,
    IReleaseStore store, KeyedLock<AppName> apps, DaemonStop stopping)
{
    public DaemonState State => state with
    {
        RouterProblem = ports.ProblemAt(state.RouterPort)?.Sentence,
        IsStopping = stopping.Token.IsCancellationRequested,
    };

    public void Stop(bool isForRestart) => stopping.Request(isForRestart);

    /// <summary>Begins a promotion. It isn't cancelled when the caller disconnects, so the promotion is either recorded or not.</summary>
    public async Task Begin(PromotionRequest request)
    {
        using var held = await apps.Enter(request.App, CancellationToken.None);
        await conductor.Begin(request);
    }

    /// <summary>
    /// Applies the current records of an app: drives its open promotion, ends the processes of a deleted app, and adjusts the number of
    /// processes. Returns what holds the open promotion up, as a sentence, or null.
    /// </summary>
    public async Task<string?> Wake(AppName app)
    {
        if (await store.FindApp(app) is { DeletedAt: not null })
        {
            await engine.Stop(app);
            // While its processes ended, it may have been created again, and its promotions begin only before or after this.
            using var held = await apps.Enter(app, CancellationToken.None);
            if (await store.FindApp(app) is { DeletedAt: not null }) engine.Forget(app);
            return null;
        }

        await conductor.EnsureDriven(app, CancellationToken.None);
        if (await store.FindApp(app) is { } record) engine.Scale(record);
        return conductor.InterruptionOf(app);
    }

    public IReadOnlyList<RunningProcess> Processes(AppName app) =>
        [.. engine.Snapshots(app).SelectMany(s => s.Processes).OrderBy(p => p.Service).ThenBy(p => p.StartedAt)];

    /// <summary>Applies changed settings.</summary>
    public Task ApplySettings() => endpoint.Apply();

    public AppMetrics Metrics(AppName app, TimeSpan since) => metrics.Read(app, since);

    public IReadOnlyList<RunningService> Services(AppName app) =>
    [
        .. engine.Snapshots(app).Select(s => new RunningService(
            s.Key.Service, addresses.Url(s), addresses.DirectUrl(s), s.Desired, s.Processes.Count(p => p.Release == s.Release),
            s.Processes.Count(p => p.Release == s.Release && p.Status == ProcessStatus.Healthy), s.Release, addresses.Problem(s))
        {
            Candidate = s.Candidate,
        }),
    ];
}
