using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents a place where apps run, opened by its address.</summary>
public abstract class Rack : IAsyncDisposable
{
    /// <summary>The address that opens it: <c>local</c>, <c>local:/srv/convox</c>, <c>aws://eu-west-1/production</c>.</summary>
    public abstract string Address { get; }

    /// <summary>Why a reader finds nothing here, as a sentence: its address may be mistyped. Null if the rack exists.</summary>
    public virtual string? Absence => null;

    /// <summary>The name that processes get as <c>RACK</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Returns the clock of its promotions' limits, on a machine that has this one.</summary>
    public virtual TimeProvider Clock(TimeProvider machine) => machine;

    /// <summary>The records.</summary>
    public abstract IReleaseStore Store { get; }

    /// <summary>The hooks, and the event log that they read.</summary>
    public abstract IHookStore Hooks { get; }

    /// <summary>The store of publish folders or images.</summary>
    public abstract IArtifactStore Artifacts { get; }

    /// <summary>Removes the artifacts of pruned releases.</summary>
    public abstract IArtifactRemoval Removal { get; }

    /// <summary>Seals and opens environments.</summary>
    public abstract IVault Vault { get; }

    /// <summary>The origin of its events, as the beginning of a URI: <c>aws://eu-west-1/production</c>.</summary>
    public virtual string EventSource => Address;

    /// <summary>Puts events on an event bus of the same cloud, or null if it has none.</summary>
    public virtual IHookSender? EventBus => null;

    /// <summary>Determines whether a process of the rack is delivering its hooks, so that commands don't have to.</summary>
    public virtual Task<bool> DeliversHooks(CancellationToken cancel = default) => Task.FromResult(false);

    /// <summary>Creates a deliverer of the rack's hooks for this process.</summary>
    public HookDelivery HookDelivery(HookHttp http, TimeProvider time) =>
        new(Hooks, Store, Vault, new HookSender(http, EventBus, time), new(EventSource, Name), time);

    /// <summary>
    /// Checks whether a release's environment is where running processes read it, if that is separate from the records. Returns null if
    /// there is no such place, or if it isn't needed before the release is promoted.
    /// </summary>
    public virtual Task<ReleaseCheck?> CheckEnvironment(
        App app, Release release, CancellationToken cancel = default) => Task.FromResult<ReleaseCheck?>(null);

    /// <summary>The running processes.</summary>
    public abstract IRunning Running { get; }

    /// <summary>Runs one-off processes.</summary>
    public abstract IOneOffs OneOffs { get; }

    /// <summary>Runs commands beside running processes.</summary>
    public abstract IProcessExec Exec { get; }

    /// <summary>Drives promotions: in a daemon, in an agent, or in this process.</summary>
    public abstract IPromotionDriver Driver { get; }

    /// <summary>The metrics of its services, or null if this rack doesn't measure them.</summary>
    public virtual IMetrics? Metrics => null;

    /// <summary>Where the metrics of its services are if this rack doesn't measure them, as a sentence; null if nowhere.</summary>
    public virtual string? MetricsElsewhere => null;

    /// <summary>Returns the metrics. Fails with <see cref="ProblemCode.NotSupported"/> if this rack doesn't measure its services.</summary>
    public IMetrics RequireMetrics() => Metrics ?? throw new Problem(
        ProblemCode.NotSupported, $"rack {Address} doesn't measure its services.", MetricsElsewhere, ProblemKind.Usage).ToException();

    /// <summary>The interval at which a follower reads the records.</summary>
    public virtual TimeSpan Pace => TimeSpan.FromMilliseconds(100);

    /// <summary>The interval shortly after a change, when another one is likely.</summary>
    public virtual TimeSpan PaceAfterChange => TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Applies the count of the record to a running service after it has changed. If nothing is running, the next start applies it. No
    /// other service is changed, and none can make it fail.
    /// </summary>
    public abstract Task ApplyScale(AppName app, ServiceName service, CancellationToken cancel = default);

    /// <summary>
    /// Returns the desired number of processes of each service as it runs, if that may differ from the records; null if the records decide.
    /// </summary>
    public virtual Task<IReadOnlyDictionary<ServiceName, int>?> DesiredCounts(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyDictionary<ServiceName, int>?>(null);

    /// <summary>
    /// Returns how this rack would roll a release out; changes nothing. By default the release decides, and the rack takes its steps.
    /// </summary>
    public virtual Task<RackPlan> Plan(Rollout rollout, CancellationToken cancel = default) =>
        Task.FromResult(new RackPlan(new Dictionary<ServiceName, PlannedRollout>(), RolloutStrategy.Plan(rollout.Services)));

    /// <summary>
    /// Returns the deployments of these services that are in flight outside of promotions, which a promotion would supersede; null if there
    /// can't be any.
    /// </summary>
    public virtual Task<IReadOnlyList<InFlightDeployment>?> InFlight(
        App app, IReadOnlyList<ServiceSpec> services, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<InFlightDeployment>?>(null);

    /// <summary>
    /// Returns what is wrong with the <c>x-…</c> settings that this rack reads, judging by their keys; values may contain variables.
    /// </summary>
    public virtual IReadOnlyList<Problem> CheckExtensions(Manifest manifest) => [];

    /// <summary>Returns what would prevent a rollout here, as far as the release and the options of its promotion tell.</summary>
    public virtual IEnumerable<Problem> CheckRollout(Rollout rollout) => [];

    /// <summary>The process that runs its services, or null if it has no daemon.</summary>
    public virtual IRackDaemon? Daemon => null;

    /// <summary>The agent that drives promotions when no command does, or null if its daemon does.</summary>
    public virtual IRackAgent? Agent => null;

    /// <summary>Sends the trace of a promotion whose end this process records, or null if there is no collector.</summary>
    public Func<Promotion, Task>? SendTrace { get; set; }

    /// <summary>Returns its state; starts nothing.</summary>
    public abstract Task<RackStatus> Status(CancellationToken cancel = default);

    /// <summary>Returns the identity of the caller on the rack; null if it is unknown, or can't be determined now.</summary>
    public virtual Task<string?> Caller(CancellationToken cancel = default) => Task.FromResult<string?>(null);

    /// <summary>
    /// Returns the services that run a release of the app and would keep running without its records, for display; empty if there are none
    /// or they are stopped with it.
    /// </summary>
    public virtual Task<IReadOnlyList<string>> OutlivesRecords(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// Releases what couldn't be found without the app's records, which are about to be deleted. A failure keeps the app.
    /// </summary>
    public virtual Task BeforeDeletion(AppName app, CancellationToken cancel = default) => Task.CompletedTask;

    /// <summary>Takes back what was done before a deletion that then was refused.</summary>
    public virtual Task DeletionRefused(AppName app, CancellationToken cancel = default) => Task.CompletedTask;

    /// <summary>Stops what the app runs and releases its other resources, after its records were deleted.</summary>
    public virtual Task Forget(AppName app, CancellationToken cancel = default) => Driver.EnsureDriven(app, cancel);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>Represents how a rack would roll a release out.</summary>
/// <param name="Services">What the running services decide, because the release leaves it to them; the release decides the rest.</param>
/// <param name="Traffic">How the rack would move the traffic of a release that takes all steps.</param>
public sealed record RackPlan(IReadOnlyDictionary<ServiceName, PlannedRollout> Services, RolloutPlan Traffic);

/// <summary>Represents how a service would be rolled out.</summary>
/// <param name="Count">The number of processes.</param>
/// <param name="Minimum">The minimum that keeps running, in percent.</param>
/// <param name="Maximum">The maximum of old and new ones together, in percent.</param>
public sealed record PlannedRollout(int Count, int Minimum, int Maximum);

/// <summary>Represents a deployment of a service that is in flight, or failed.</summary>
/// <param name="Service">The service.</param>
/// <param name="What">What is deployed, by whom, and since when: text after "is being deployed: " or "has a failed deployment: ".</param>
/// <param name="WayBack">The last completed deployment, which a rollback restores; null if unknown.</param>
/// <param name="Superseded">What is recorded if a promotion supersedes it.</param>
public sealed record InFlightDeployment(ServiceName Service, string What, string? WayBack, SupersededDeployment Superseded)
{
    /// <summary>Whether it failed without being rolled back, so that the service runs something else.</summary>
    public bool HasFailed { get; init; }
}

/// <summary>Starts promotions and makes sure that they finish.</summary>
public interface IPromotionDriver
{
    /// <summary>
    /// Starts the promotion and returns once it is recorded; fails as <see cref="BeginPromotion.Run"/> does. Repeating the request with the
    /// same id is harmless. Returns false if the release that it adds came too late and nothing was written.
    /// </summary>
    Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default);

    /// <summary>
    /// What becomes of an open promotion that this command can no longer follow: the text that follows "it isn't undone: ".
    /// </summary>
    string WithoutThisCommand => "it continues by itself";

    /// <summary>Makes sure that the app's open promotion, if there is one, has a driver.</summary>
    Task EnsureDriven(AppName app, CancellationToken cancel = default);

    /// <summary>
    /// Does the same for a caller that only follows the promotion, and so doesn't start a rack that was stopped. Fails with
    /// <see cref="ProblemCode.NotFollowed"/> if it was. Returns what holds the driver up, or that it had died, as a sentence, unless it
    /// reports that itself; null if neither is so.
    /// </summary>
    async Task<string?> KeepDriven(AppName app, CancellationToken cancel = default)
    {
        await EnsureDriven(app, cancel);
        return null;
    }

    /// <summary>
    /// Returns once this process may end without harm to the promotion, with what becomes of it: the text that follows "Promotion … ".
    /// Returns null if the promotion has ended.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="promotion">The promotion, whoever drives it.</param>
    /// <param name="waiting">
    /// Receives what is waited for, as the text that follows "once"; not called if there is nothing to wait for.
    /// </param>
    /// <param name="cancel">Cancels the wait.</param>
    Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default);
}

/// <summary>
/// Represents a request for a promotion. The sender and the receiver may have different versions: an option that isn't set isn't sent, and
/// an unknown option is rejected, never ignored.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PromotionRequest : PromotionTerms
{
    /// <summary>Creates a request with the terms of a plain promotion.</summary>
    [JsonConstructor]
    public PromotionRequest(PromotionId id, AppName app, ReleaseId release, string by)
        : this(id, app, release, by, new())
    {
    }

    /// <summary>Creates a request with these terms.</summary>
    public PromotionRequest(PromotionId id, AppName app, ReleaseId release, string by, PromotionTerms terms)
        : base(terms) => (Id, App, Release, By) = (id, app, release, by);

    /// <summary>
    /// The promotion's id, chosen by the caller, so that repeating the request after a lost response doesn't start it twice.
    /// </summary>
    public PromotionId Id { get; init; }

    /// <summary>The app.</summary>
    public AppName App { get; init; }

    /// <summary>The release.</summary>
    public ReleaseId Release { get; init; }

    /// <summary>Who requested it.</summary>
    public string By { get; init; }

    /// <summary>The release that must be active, or null for any.</summary>
    public ReleaseId? ExpectActive { get; init; }

    /// <summary>Whether no release may be active.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ExpectsNone { get; init; }

    /// <summary>The trace that it belongs to, or null if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromotionTrace? Trace { get; init; }

    /// <summary>The release, if the write that starts the promotion adds it; null if it exists.</summary>
    [JsonIgnore]
    public ReleaseAddition? Adds { get; init; }

    /// <summary>Whether the requesting process drives it itself, even if the rack has an agent.</summary>
    [JsonIgnore]
    public bool Drive { get; init; }

    /// <summary>Whether it is left to the rack's agents.</summary>
    [JsonIgnore]
    internal bool IsHandedOver { get; init; }
}
