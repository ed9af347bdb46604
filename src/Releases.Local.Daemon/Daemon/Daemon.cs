namespace Releases.Local;

/// <summary>Assembles the parts of a running daemon, and starts and stops them in order.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    /// <summary>How often to check the store for events to deliver to hooks and for open promotions.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Stack<object> _open = new();
    private LocalEngine _engine = null!;
    private PromotionConductor _conductor = null!;
    private BackgroundWork<string> _duties = null!;

    private Daemon()
    {
    }

    public DaemonState State { get; private set; } = null!;

    /// <summary>
    /// Starts a daemon: ends the processes that an earlier daemon left, restores the active releases, continues open promotions, and then
    /// accepts requests.
    /// </summary>
    public static async Task<Daemon> Start(
        LocalHome home, string address, HomeWatcher watch, DaemonLog log, DaemonStop stopping, TimeProvider time)
    {
        var daemon = new Daemon();
        try
        {
            await daemon.Open(home, address, watch, log, stopping, time);
            return daemon;
        }
        catch
        {
            // What was restored until then ends gracefully too.
            try
            {
                await daemon.StopEverything();
            }
            finally
            {
                await daemon.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>
    /// Stops the parts of the daemon that were started. Open promotions are left to the next daemon; every process ends.
    /// </summary>
    public async Task StopEverything()
    {
        if (_duties is not null) await _duties.Stop();
        if (_conductor is not null) await _conductor.Stop();
        if (_engine is not null) await _engine.StopAll();
    }

    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var part))
        {
            if (part is IAsyncDisposable slow) await slow.DisposeAsync();
            else if (part is IDisposable quick) quick.Dispose();
        }
    }

    private async Task Open(
        LocalHome home, string address, HomeWatcher watch, DaemonLog log, DaemonStop stopping, TimeProvider time)
    {
        var records = new ProcessRecords(home);
        await new OrphanedProcesses(records, log, time).End(stopping.Token);
        new ToolCopy(home, ToolCommand.Current(), time).BecomeLatest(log.Write);
        var store = Keep(SqliteReleaseStore.Open(home));
        var settings = DaemonSettings.Read(home);
        var ports = Keep(new PortRegistry(home, settings.Ports, settings.Processes));
        var router = Keep(await Router.Start(time, stopping.Token, settings.Router.BehindProxy, log.Write));
        router.Publish(RouteTable.Empty(ports.Router));
        var opened = Keep(new RackPorts(router, log, time));
        var artifacts = new LocalArtifactStore(home, time) { Converts = true };
        new OneOffFolders(home, artifacts, time).Sweep();
        var copies = new WorkingCopies(home, artifacts);
        var starter = new ServiceProcessStarter(Keep(new ProcessLauncher()), ToolCommand.Current(), records, time);
        var logs = Keep(new ServiceLogs(home, log.Write));
        var processes = new ReleaseProcesses(copies, new(home, key => ports.PortFor(key)), starter, logs, time);
        var instances = new InstanceFactory(processes, ports, router, Keep(new HealthProbe(time)), log, time);
        _engine = Keep(new LocalEngine(
            instances, new(router, ports, opened), new(processes, time), new(new MachineCheck()), copies, logs, time));
        var vault = new LocalVault(home, store.HasSnapshots);
        var plans = new ReleasePlanReader(store, vault, "local");
        var driver = new PromotionDriver(store, plans, artifacts, _engine, time) { IgnoresClockChanges = true };
        _conductor = Keep(new PromotionConductor(store, new(store, plans, time), driver, _engine,
            new(store, new LocalArtifactRemoval(home, store, time), time), TraceSender(address, log), log, time));

        var metrics = Keep(new MetricsRecorder(router.Traffic, _engine.Snapshots, new(home.Metrics), log, time));
        var endpoint = Keep(new MetricsEndpoint(home, metrics.OpenMetrics, log));

        State = new(Environment.ProcessId, ToolVersion.Text, DaemonSocket.Path(home), ports.Router, time.GetUtcNow())
        { DeliversHooks = true, Knows = DaemonProtocol.Members };
        var apps = new KeyedLock<AppName>();
        var releases = new ActiveReleases(store, plans, _engine, apps, log);
        await Recover(store, releases, log, stopping.Token);
        // From here on, the daemon knows every service that it can be asked for.
        opened.Open(ports.Router);
        var state = new DaemonStateFile(home);
        state.Write(State);
        var control = Keep(await ControlServer.Start(home, new(State, opened, _conductor, _engine, new(ports, opened), metrics,
            endpoint, store, apps, stopping), log));
        var hooks = Hooks(store, vault, log, time);
        // A command that is killed after it began a promotion, but before it requested a driver, leaves an open one.
        var open = new OpenPromotions(store, _conductor.EnsureDriven, log.Write, time) { AtRest = LookInterval };
        _duties = Keep(new BackgroundWork<string>());
        _duties.Start("duties", new PeriodicDuties(
            [open.Duty, hooks, releases.Duty, Repair(control, state, watch, home, log)], log.Write, time).Run);
        await ServeMetrics(endpoint, log);
        await CollectArtifacts(new(home, store, time), log, stopping.Token);
    }

    /// <summary>
    /// Returns the duty that puts back what commands find the daemon by: its socket and its state file, without which they could neither
    /// reach nor stop it, and its log.
    /// </summary>
    private PeriodicDuty Repair(
        ControlServer control, DaemonStateFile state, HomeWatcher watch, LocalHome home, DaemonLog log) =>
        new("Listening for commands", async _ =>
    {
        if (!watch.IsMine()) return LookInterval;
        await control.Repair();
        log.Repair(home);
        if (state.Read()?.ProcessId != State.ProcessId) state.Write(State);
        return LookInterval;
    });

    /// <summary>Services run without their metrics, too.</summary>
    private static async Task ServeMetrics(MetricsEndpoint endpoint, DaemonLog log)
    {
        try
        {
            await endpoint.Apply();
        }
        catch (ProblemException refused)
        {
            log.Write(refused.Problems[0].Message);
        }
    }

    /// <summary>Returns the function that sends traces, configured by the daemon's environment, or null without a collector.</summary>
    private static Func<Promotion, Task>? TraceSender(string rack, DaemonLog log)
    {
        var traces = new PromotionTraces(Environment.GetEnvironmentVariable);
        return traces.HasCollector ? Send : null;

        async Task Send(Promotion ended)
        {
            if (await traces.Send(ended, rack, CancellationToken.None) is { } trouble) log.Write(trouble);
        }
    }

    /// <summary>Returns the duty that delivers hooks. No other part of the daemon waits for it.</summary>
    private PeriodicDuty Hooks(SqliteReleaseStore store, LocalVault vault, DaemonLog log, TimeProvider time)
    {
        var sender = new HookSender(Keep(new HookHttp(time)), eventBus: null, time);
        var delivery = new HookDelivery(store, store, vault, sender, new(LocalRack.SourceOfEvents, LocalRack.RackName), time);
        return Keep(new HookDeliveries(store, delivery, log.Write, time)).Duty(LookInterval, LookInterval);
    }

    /// <summary>
    /// Removes artifacts that are left by apps deleted during a build, or by failed publishes. A failure doesn't keep the daemon from
    /// running.
    /// </summary>
    private static async Task CollectArtifacts(ArtifactCollection artifacts, DaemonLog log, CancellationToken cancel)
    {
        try
        {
            await artifacts.Run(cancel);
        }
        catch (Exception refused) when (refused is ProblemException or IOException or UnauthorizedAccessException)
        {
            log.Write($"artifacts that no release has can't be removed now: {refused.Message}");
        }
    }

    private T Keep<T>(T part) where T : class
    {
        _open.Push(part);
        return part;
    }

    /// <summary>
    /// Restores the active releases first, and then the open promotions, which may roll back to them. An app whose records can't be read
    /// doesn't keep the others from running.
    /// </summary>
    private async Task Recover(SqliteReleaseStore store, ActiveReleases releases, DaemonLog log, CancellationToken cancel)
    {
        foreach (var app in await store.ListAppNames(cancel))
        {
            await releases.Restore(app, cancel);
            try
            {
                await _conductor.EnsureDriven(app, cancel);
            }
            catch (Exception broken) when (broken is not OperationCanceledException && !ActiveReleases.IsTransient(broken))
            {
                log.Write($"{app}: its open promotion can't be driven: {ActiveReleases.ReasonOf(broken)}");
            }
        }
    }
}
