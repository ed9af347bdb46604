using System.Text.Json.Serialization;

namespace Releases;

/// <summary>A place where apps live, opened by its address.</summary>
public abstract class Rack : IAsyncDisposable
{
    /// <summary>The address that opens it: <c>local</c>, <c>local:/srv/convox</c>, <c>aws://eu-west-1/production</c>.</summary>
    public abstract string Address { get; }

    /// <summary>The name that processes get as <c>RACK</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The records.</summary>
    public abstract IReleaseStore Store { get; }

    /// <summary>The hooks, and the event log as they read it.</summary>
    public abstract IHookStore Hooks { get; }

    /// <summary>The publish folders or images.</summary>
    public abstract IArtifactStore Artifacts { get; }

    /// <summary>Removes the artifacts of pruned releases.</summary>
    public abstract IArtifactRemoval Removal { get; }

    /// <summary>Seals and opens environments.</summary>
    public abstract IVault Vault { get; }

    /// <summary>Where its events come from, as the beginning of a URI: <c>aws://eu-west-1/production</c>.</summary>
    public virtual string EventSource => Address;

    /// <summary>Puts events on a bus of the same cloud; null: it has none.</summary>
    public virtual IHookSender? EventBus => null;

    /// <summary>Whether a process of the rack delivers its hooks now, so that commands needn't.</summary>
    public virtual Task<bool> DeliversHooks(CancellationToken cancel = default) => Task.FromResult(false);

    /// <summary>Delivers its hooks from this process.</summary>
    public HookDelivery HookDelivery(HookHttp http, TimeProvider time) =>
        new(Hooks, Store, Vault, new HookSender(http, EventBus, time), new(EventSource, Name), time);

    /// <summary>
    /// Where running processes read a release's environment from, if that is apart from the records: whether it is there. Null: there is no
    /// such place, or none that is needed before the release is promoted.
    /// </summary>
    public virtual Task<ReleaseCheck?> CheckEnvironment(
        App app, Release release, CancellationToken cancel = default) => Task.FromResult<ReleaseCheck?>(null);

    /// <summary>The running processes.</summary>
    public abstract IRunning Running { get; }

    /// <summary>Runs one-off processes.</summary>
    public abstract IOneOffs OneOffs { get; }

    /// <summary>Runs commands beside running processes.</summary>
    public abstract IProcessExec Exec { get; }

    /// <summary>Drives promotions: through the daemon on the local rack, in this process on AWS.</summary>
    public abstract IPromotionDriver Driver { get; }

    /// <summary>What services served and used; null: this rack doesn't measure it.</summary>
    public virtual IMetrics? Metrics => null;

    /// <summary>The same; fails with <see cref="ProblemCode.NotSupported"/> if this rack doesn't measure it.</summary>
    public IMetrics RequireMetrics() => Metrics ?? throw new Problem(
        ProblemCode.NotSupported, $"rack {Address} doesn't measure its services.",
        "On AWS, the metrics of load balancer and ECS are in CloudWatch.",
        ProblemKind.Usage).ToException();

    /// <summary>How often a follower reads the records.</summary>
    public virtual TimeSpan Pace => TimeSpan.FromMilliseconds(100);

    /// <summary>The same shortly after a change, when the next one may be near.</summary>
    public virtual TimeSpan PaceAfterChange => TimeSpan.FromMilliseconds(20);

    /// <summary>The record's counts have changed: gives running services as many processes. If none are running, the next start uses
    /// them.</summary>
    public abstract Task ApplyScale(AppName app, CancellationToken cancel = default);

    /// <summary>How many processes each service is to have where it runs, where that may differ from the records; null: the records are
    /// what counts.</summary>
    public virtual Task<IReadOnlyDictionary<ServiceName, int>?> DesiredCounts(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyDictionary<ServiceName, int>?>(null);

    /// <summary>
    /// How a rollout of these services would go where the release leaves that to the running service; null: as the release says.
    /// </summary>
    public virtual Task<IReadOnlyDictionary<ServiceName, PlannedRollout>?> Planned(
        App app, IReadOnlyList<ServiceSpec> services, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyDictionary<ServiceName, PlannedRollout>?>(null);

    /// <summary>
    /// The deployments of these services that are in flight and no promotion's, which a promotion would supersede; null: there can be none.
    /// </summary>
    public virtual Task<IReadOnlyList<InFlightDeployment>?> InFlight(
        App app, IReadOnlyList<ServiceSpec> services, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<InFlightDeployment>?>(null);

    /// <summary>What is wrong with the <c>x-…</c> settings of services that this rack reads, as far as their keys tell; values may have
    /// variables.</summary>
    public virtual IReadOnlyList<Problem> CheckExtensions(Manifest manifest) => [];

    /// <summary>The process that runs its services; null: it has none of its own.</summary>
    public virtual IRackDaemon? Daemon => null;

    /// <summary>What drives promotions for it when no command does; null: its daemon does.</summary>
    public virtual IRackAgent? Agent => null;

    /// <summary>Sends the trace of a promotion whose end this process records; null: it has no collector.</summary>
    public Func<Promotion, Task>? SendTrace { get; set; }

    /// <summary>
    /// What the rack's daemon or agent does again and again besides driving promotions: one list for both, with a duty for each thing.
    /// </summary>
    /// <param name="report">Takes a line for what happens.</param>
    public virtual IReadOnlyList<PeriodicDuty> Duties(Action<string> report) => [];

    /// <summary>Its state; starts nothing.</summary>
    public abstract Task<RackStatus> Status(CancellationToken cancel = default);

    /// <summary>Whom the rack takes the caller for, on AWS the ARN; null: it does not know, or cannot be asked now.</summary>
    public virtual Task<string?> Caller(CancellationToken cancel = default) => Task.FromResult<string?>(null);

    /// <summary>Services that run a release of the app and would keep running without its records, for people; empty: none, or they are
    /// stopped with them.</summary>
    public virtual Task<IReadOnlyList<string>> OutlivesRecords(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The app's records are about to be deleted: lets go of what could not be found without them. What this fails with keeps the
    /// app.</summary>
    public virtual Task BeforeDeletion(AppName app, CancellationToken cancel = default) => Task.CompletedTask;

    /// <summary>The app's records are deleted: stops what it runs, and lets go of what it had besides them.</summary>
    public virtual Task Forget(AppName app, CancellationToken cancel = default) => Driver.EnsureDriven(app, cancel);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>How a service's rollout would go.</summary>
/// <param name="Count">How many processes it would have.</param>
/// <param name="Minimum">The least of them that stay, in percent.</param>
/// <param name="Maximum">The most of old and new ones, in percent.</param>
public sealed record PlannedRollout(int Count, int Minimum, int Maximum);

/// <summary>A deployment of a service that is in flight.</summary>
/// <param name="Service">The service.</param>
/// <param name="What">What is deployed, by whom, and since when: what follows "is being deployed: ".</param>
/// <param name="WayBack">What the service last completed, and a rollback returns to; null: that isn't known.</param>
public sealed record InFlightDeployment(ServiceName Service, string What, string? WayBack);

/// <summary>Starts promotions and finishes them.</summary>
public interface IPromotionDriver
{
    /// <summary>
    /// Begins the promotion and returns when it is written down; fails as <see cref="BeginPromotion.Run"/> does. Asking again
    /// with the same id is harmless. False: the release that it adds came too late, and nothing was written.
    /// </summary>
    Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default);

    /// <summary>What becomes of an open promotion that this command sees no more: what follows "it isn't undone: ".</summary>
    string WithoutThisCommand => "it continues by itself";

    /// <summary>Makes sure that the app's open promotion, if there is one, has a driver.</summary>
    Task EnsureDriven(AppName app, CancellationToken cancel = default);

    /// <summary>
    /// Returns once this process may end without harm to the promotion, with what becomes of it then: what follows "Promotion … ".
    /// Null: it has ended.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="promotion">The promotion, whoever drives it.</param>
    /// <param name="waiting">Takes what is waited for first, as what follows "once"; not called where nothing is.</param>
    /// <param name="cancel">Ends the waiting.</param>
    Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default);
}

/// <summary>
/// What a person asks for. Who asks and who is asked may be of different versions: what is not wished is not said, and a wish
/// that is unknown is refused, never ignored.
/// </summary>
/// <param name="Id">The promotion's id, chosen by the caller, so that asking again after a lost answer begins nothing twice.</param>
/// <param name="App">The app.</param>
/// <param name="Release">The release.</param>
/// <param name="By">Who asks.</param>
/// <param name="Timeout">The limit; null: the manifest's.</param>
/// <param name="ExpectActive">Refuse when another release is active; null: whatever is.</param>
/// <param name="RunRelease">Run the <c>release</c> commands even if it is no new release that is promoted.</param>
/// <param name="AllowEmpty">Continue even if no process would run.</param>
/// <param name="HoldFor">Stop before the traffic moves, and roll back if nobody approves within this; null: don't stop.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PromotionRequest(
    PromotionId Id, AppName App, ReleaseId Release, string By, TimeSpan? Timeout = null, ReleaseId? ExpectActive = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool RunRelease = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AllowEmpty = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TimeSpan? HoldFor = null)
{
    /// <summary>The trace that it belongs to; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromotionTrace? Trace { get; init; }

    /// <summary>The release, where the write that begins the promotion adds it; null: it exists.</summary>
    [JsonIgnore]
    public ReleaseAddition? Adds { get; init; }

    /// <summary>Whether it takes the place of somebody else's deployment that is in flight.</summary>
    [JsonIgnore]
    public bool Supersede { get; init; }

    /// <summary>Whether the asking process drives it itself, also where the rack has an agent.</summary>
    [JsonIgnore]
    public bool Drive { get; init; }

    /// <summary>Whether it is left to the rack's agents.</summary>
    [JsonIgnore]
    internal bool IsHandedOver { get; init; }
}
