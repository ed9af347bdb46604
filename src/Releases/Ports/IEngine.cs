using System.Text.Json;

namespace Releases;

/// <summary>
/// Runs services and replaces their processes. <c>PromotionDriver</c> requests one effect at a time and records it first. Each effect is
/// harmless when repeated, even by another process that knows only the journal. Unless a member says otherwise, a failure interrupts the
/// driver: it reads the promotion again and repeats the phase, until the promotion's limit. <see cref="ProblemCode.Fenced"/> always ends
/// the driver.
/// </summary>
public interface IEngine
{
    /// <summary>
    /// Returns all problems that would prevent this rollout; changes nothing. If all of them are transient, it is repeated until the limit;
    /// otherwise the promotion fails with them.
    /// </summary>
    Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel);

    /// <summary>
    /// Runs a service's <c>release</c> command with the code and environment of the new release, until it ends. When cancelled, the command
    /// is ended gracefully first. The journal belongs to this run alone; no driver resumes it. Fails with the problem that prevents its
    /// start, also if that is transient: the command isn't run a second time, and the promotion fails. A problem of the kind
    /// <see cref="ProblemKind.NeedsPerson"/> means that the command couldn't be ended and is still running: the promotion is stuck.
    /// </summary>
    Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel);

    /// <summary>
    /// Returns how the traffic of this rollout moves if the core controls it; a rack that moves it itself returns a single step.
    /// </summary>
    Task<RolloutPlan> Plan(Rollout rollout, CancellationToken cancel);

    /// <summary>
    /// Runs a service's <c>verify</c> command with the code and environment of the new release, and with the address of a new process in
    /// <c>TARGET_URL</c>, until it ends. When cancelled, the command is ended gracefully first. Fails with the problem that prevents its
    /// start or hides its end. A transient one is retried until the promotion's limit, with the notes; any other rolls the promotion back.
    /// </summary>
    /// <param name="service">The service, whose new processes are ready.</param>
    /// <param name="command">The engine's notes on this run. A successor gets the notes of its predecessor.</param>
    /// <param name="cancel">Cancels the command.</param>
    Task<CommandEnd> Verify(ServiceRollout service, IServiceJournal command, CancellationToken cancel);

    /// <summary>
    /// Starts new processes next to the old ones, and records what a rollback restores. A transient failure is retried after the next
    /// observation, within the limit; any other fails the rollout.
    /// </summary>
    Task Start(ServiceRollout service, CancellationToken cancel);

    /// <summary>
    /// Checks every new process once more, right before a step is recorded. Returns false if one isn't healthy any longer; its service is
    /// then observed as starting. A rack that takes the steps itself also checks itself.
    /// </summary>
    Task<bool> Confirm(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) => Task.FromResult(true);

    /// <summary>
    /// Gives the new processes of these services their share of the traffic in this step: of all services, or of none. Unless the step
    /// keeps the old processes, they are ended gracefully. Returns false if nothing has moved, because a new process isn't healthy any
    /// longer. Fails as <see cref="Start"/> does.
    /// </summary>
    /// <param name="rollout">All services of the rollout.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancel">Cancels the request.</param>
    Task<bool> Route(IReadOnlyList<ServiceRollout> rollout, RolloutStep step, CancellationToken cancel);

    /// <summary>Returns the request counts so far of these services; a service whose requests aren't counted is omitted.</summary>
    IReadOnlyDictionary<ServiceName, TrafficSample> Sample(IReadOnlyList<ServiceRollout> rollout);

    /// <summary>
    /// Returns the progress of each of these services, all read at the same time. A service that this promotion hasn't started is starting;
    /// one that can't be read now is <see cref="ObservedState.Unknown"/>, so that it doesn't hide the others.
    /// </summary>
    Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel);

    /// <summary>
    /// Rolls back to what <see cref="Start"/> recorded; does nothing for a service that wasn't started. Any failure is recorded as what the
    /// rollback waits for, and retried after the next observation, within the rollback's limit.
    /// </summary>
    Task Undo(ServiceRollout service, CancellationToken cancel);

    /// <summary>
    /// Returns the progress of undoing each of these services: <see cref="ObservedState.Complete"/> once the previous version is verified
    /// to be running again.
    /// </summary>
    Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel);

    /// <summary>
    /// Whether the rack keeps running what it was asked for when its driver dies. Then what follows from an outcome is done by
    /// <see cref="Conclude"/> while the app's lock is held, not by <see cref="Settle"/>; a success is recorded as decided before that, so
    /// that no successor rolls it back; and a successor doesn't verify again what was rolled back already, since it didn't end with the
    /// driver.
    /// </summary>
    bool Concludes => false;

    /// <summary>
    /// Does what follows from an outcome that is decided but not recorded: stops services that the release no longer has, or discards what
    /// a failed release left. The app's lock is still held, so neither the death of a driver nor the next promotion comes in between.
    /// Harmless when repeated. Fails with a problem if something is left to do: a transient one is retried for two minutes, and what the
    /// last try leaves is a warning of the record.
    /// </summary>
    /// <param name="rollout">The services of the promotion.</param>
    /// <param name="outcome">The promotion as it is about to be recorded.</param>
    /// <param name="isLast">Whether it isn't retried, so that everything that can be done has to be done now.</param>
    /// <param name="cancel">Cancels it.</param>
    Task Conclude(IReadOnlyList<ServiceRollout> rollout, Promotion outcome, bool isLast, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>
    /// Makes the end of a promotion final: discards what was kept for a rollback, and begins to stop the services that the release no
    /// longer has. The app's next promotion is driven only after that. A failure is retried; the outcome stands.
    /// </summary>
    Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel);

    /// <summary>Removes what is left once processes have ended. The app's next promotion may be driven meanwhile.</summary>
    Task CleanUp(AppName app, CancellationToken cancel);

    /// <summary>Returns when something may have changed, or when it is time to check again.</summary>
    Task WaitForChange(AppName app, CancellationToken cancel);
}

/// <summary>Represents everything that an engine needs to run a release.</summary>
/// <param name="App">The app as it was when the promotion was started or taken over.</param>
/// <param name="Release">The release.</param>
/// <param name="Promotion">The promotion.</param>
/// <param name="Services">Its services, resolved, in the order of the manifest.</param>
public sealed record Rollout(App App, Release Release, PromotionId Promotion, IReadOnlyList<ServiceSpec> Services)
{
    /// <summary>What was chosen for this promotion.</summary>
    public PromotionTerms Terms { get; init; } = new();

    /// <summary>Whether it takes the steps of its services' strategies, and verifies.</summary>
    public bool TakesSteps { get; init; }

    /// <summary>Whether a service's <c>verify</c> command runs before the traffic moves.</summary>
    public bool Verifies => TakesSteps && Services.Any(s => s.Service.Verify is not null);

    /// <summary>The time limit of the whole rollout.</summary>
    public TimeSpan Limit { get; init; }
}

/// <summary>Represents the end of a command.</summary>
/// <param name="ExitCode">The exit code, or 128 plus the number of the signal that ended it.</param>
/// <param name="LastLines">The last lines that it printed.</param>
public sealed record CommandEnd(int ExitCode, IReadOnlyList<string> LastLines);

/// <summary>Represents one service of a rollout, with its journal.</summary>
/// <param name="Rollout">The rollout that it is part of.</param>
/// <param name="Spec">The service.</param>
/// <param name="Journal">Reads and writes the engine's notes on this service.</param>
public sealed record ServiceRollout(Rollout Rollout, ServiceSpec Spec, IServiceJournal Journal)
{
    /// <summary>The service's name.</summary>
    public ServiceName Name => Spec.Service.Name;
}

/// <summary>Represents the engine's own notes on one service of a promotion, or on the run of a command, kept in the store.</summary>
public interface IServiceJournal
{
    /// <summary>The latest notes, or null if there are none yet.</summary>
    JsonElement? Notes { get; }

    /// <summary>Writes the notes under the driver's fencing token, before the effect that they describe.</summary>
    Task Write(JsonElement notes, CancellationToken cancel);

    /// <summary>Reports what a command waits for, as one sentence without a period, or null if it no longer waits.</summary>
    Task Report(string? waitsFor, CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>Represents the progress of a service's rollout or of its undo.</summary>
public sealed record Observation(ObservedState State)
{
    /// <summary>The desired number of processes if it differs from the release's, else null.</summary>
    public int? Desired { get; init; }

    /// <summary>The number of new processes that are running.</summary>
    public int Running { get; init; }

    /// <summary>The number of new processes that are healthy.</summary>
    public int Healthy { get; init; }

    /// <summary>The number of old processes that are left.</summary>
    public int Old { get; init; }

    /// <summary>Why it failed, or what it is waiting for: one sentence without a period.</summary>
    public string? Reason { get; init; }

    /// <summary>What to change so that it doesn't fail again: one sentence without a period.</summary>
    public string? Hint { get; init; }

    /// <summary>The last lines that a failed process printed.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    /// <summary>The last lines of a process that isn't healthy yet; they explain a failure that may follow.</summary>
    public IReadOnlyList<string> LinesSoFar { get; init; } = [];

    /// <summary>Warnings for people, as sentences, although nothing failed.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The new processes' share of the traffic in percent, if the rack itself moves it.</summary>
    public int? Share { get; init; }

    /// <summary>What the rack itself is doing with the service, for display.</summary>
    public string? Stage { get; init; }

    /// <summary>When it was complete, by the clock of the promotion's limits; null if the engine has another one.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How long it has been complete, which an engine reports whose machine's clock may be set.</summary>
    public TimeSpan? CompleteFor { get; init; }
}

/// <summary>Specifies the states that an engine can observe.</summary>
public enum ObservedState
{
    /// <summary>There are fewer healthy processes than desired.</summary>
    Starting,

    /// <summary>The service is only started once every other service is ready, and doesn't delay them.</summary>
    Waiting,

    /// <summary>There are as many healthy processes as desired; the old ones can still take the traffic back.</summary>
    Healthy,

    /// <summary>The new processes have the traffic; the old ones are stopping.</summary>
    Draining,

    /// <summary>The service is healthy, has all the traffic, and no old process is left.</summary>
    Complete,

    /// <summary>The rollout of the service can't succeed.</summary>
    Failed,

    /// <summary>
    /// The service can't become this release's or return to the previous one, such as when someone else deployed a third one, which must be
    /// left alone.
    /// </summary>
    Superseded,

    /// <summary>The service couldn't be observed, so nothing follows from it.</summary>
    Unknown,
}
