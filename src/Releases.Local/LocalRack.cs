namespace Releases.Local;

/// <summary>Represents the rack on this machine: everything is in one folder, and a daemon runs the services.</summary>
public sealed class LocalRack : Rack
{
    private readonly SqliteReleaseStore _store;
    private readonly LocalArtifactStore _artifacts;
    private readonly ArtifactCollection _collection;
    private LocalDaemon? _daemon;
    private LocalMetrics? _metrics;

    private LocalRack(
        LocalHome home, string address, SqliteReleaseStore store, TimeProvider time, IRunning running, IPromotionDriver driver)
    {
        _store = store;
        _artifacts = new(home, time);
        _collection = new(home, store, time);
        Removal = new LocalArtifactRemoval(home, store, time);
        Home = home;
        Address = address;
        Vault = new LocalVault(home, store.HasSnapshots);
        Running = running;
        Driver = driver;
        Exec = new LocalExec();
        OneOffs = new LocalOneOffs(home, _artifacts, time);
    }

    public override string Address { get; }

    public override string Name => RackName;

    /// <summary>The name by which processes and receivers of hooks know the rack.</summary>
    internal const string RackName = "local";

    public override IReleaseStore Store => _store;

    public override IHookStore Hooks => _store;

    public override string EventSource => SourceOfEvents;

    public override IArtifactStore Artifacts => _artifacts;

    public override IArtifactRemoval Removal { get; }

    public override IVault Vault { get; }

    public override IRunning Running { get; }

    public override IPromotionDriver Driver { get; }

    public override IProcessExec Exec { get; }

    public override IOneOffs OneOffs { get; }

    public override IMetrics? Metrics => _metrics;

    /// <summary>Gets a note if a folder that was named has no rack; a default one that nobody has used yet is just empty.</summary>
    public override string? Absence => RackDatabase.IsAbsent(Home) && (Address != LocalRackKind.KindName || LocalHome.IsNamed)
        ? $"there is no rack in '{Home.Folder}' yet; the first deploy to it creates one."
        : null;

    /// <summary>
    /// Gets the source of the events of all racks on this machine. It contains no path, because paths don't leave the machine.
    /// </summary>
    internal static string SourceOfEvents => $"local://{Environment.MachineName.ToLowerInvariant()}";

    /// <summary>Gets the home of the rack.</summary>
    public LocalHome Home { get; }

    /// <summary>
    /// Lets the daemon end the app's processes and remove their working copies, then removes the artifacts that no app uses any longer.
    /// </summary>
    public override async Task Forget(AppName app, CancellationToken cancel = default)
    {
        await base.Forget(app, cancel);
        try
        {
            await _collection.Run(cancel);
        }
        catch (Exception refused) when (refused is ProblemException or IOException or UnauthorizedAccessException)
        {
            // The app is deleted anyway. The next daemon tries again to free the space and logs why it can't.
        }
    }

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    public override async Task<bool> DeliversHooks(CancellationToken cancel = default) =>
        _daemon is not null && await _daemon.DeliversHooks(cancel);

    public override IEnumerable<Problem> CheckRollout(Rollout rollout) => LimitChecks.Of(rollout);

    /// <summary>Wakes the daemon, which then reads the counts. Those of other services are the same as before.</summary>
    public override Task ApplyScale(AppName app, ServiceName service, CancellationToken cancel = default) =>
        Driver.EnsureDriven(app, cancel);

    /// <summary>Gets the daemon that runs the services, or null if this process is the daemon.</summary>
    public override IRackDaemon? Daemon => _daemon;

    public override Task<RackStatus> Status(CancellationToken cancel = default) =>
        _daemon?.Status(cancel) ?? throw new InvalidOperationException("A daemon does not ask for its own state.");

    /// <summary>
    /// Opens a home for commands and builds, which ask its daemon and start it from this tool only when something is to run.
    /// </summary>
    public static LocalRack Open(LocalHome home, string address, TimeProvider time) =>
        Open(home, address, SqliteReleaseStore.OpenOrReadOnly(home), time);

    /// <summary>Opens a home for commands that only read, which create nothing: without a rack, it is an empty one.</summary>
    public static LocalRack OpenToRead(LocalHome home, string address, TimeProvider time) =>
        Open(home, address, SqliteReleaseStore.OpenOrEmpty(home), time);

    private static LocalRack Open(LocalHome home, string address, SqliteReleaseStore store, TimeProvider time)
    {
        var client = new DaemonClient(home, time);
        var daemon = LocalDaemon.Of(home, address, client, time);
        var running = new LocalRunning(home, daemon, client, time);
        var plans = new ReleasePlanReader(store, new LocalVault(home, store.HasSnapshots), RackName);
        var driver = new LocalDriver(daemon, client, store, new(store, plans, time), time);
        return new(home, address, store, time, running, driver)
        {
            _daemon = daemon,
            _metrics = new(home, daemon, client, time),
        };
    }

    /// <summary>
    /// Opens a home with functions that create, from the opened store, what knows the processes and what drives promotions. Creates the
    /// database if it is missing, and reads nothing else before it is needed.
    /// </summary>
    internal static LocalRack Open(
        LocalHome home, string address, TimeProvider time, Func<IReleaseStore, IRunning> running,
        Func<IReleaseStore, IPromotionDriver> driver)
    {
        var store = SqliteReleaseStore.OpenOrReadOnly(home);
        return new(home, address, store, time, running(store), driver(store));
    }
}
