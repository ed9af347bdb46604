using System.Text.Json;

namespace Releases;

/// <summary>
/// Runs services and replaces their processes. <c>PromotionDriver</c> requests one effect at a time and writes it down before. Each
/// effect is harmless when repeated, even by another process that knows only the journal.
/// </summary>
public interface IEngine
{
    /// <summary>All problems that would prevent this rollout; touches nothing.</summary>
    Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel);

    /// <summary>
    /// Runs a service's <c>release</c> command with the new release's code and environment, until it ends. Cancelled, it is ended
    /// gracefully first. The journal is this run's own; nobody resumes it. Fails with what keeps it from being started.
    /// </summary>
    Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel);

    /// <summary>How the traffic of this rollout moves where the core steers it; a rack that does that itself answers all at once.</summary>
    RolloutPlan Plan(Rollout rollout);

    /// <summary>
    /// Runs a service's <c>verify</c> command with the new release's code and environment, and with the address of a new process in
    /// <c>TARGET_URL</c>, until it ends. Cancelled, it is ended gracefully first. Fails with what keeps it from being started.
    /// </summary>
    /// <param name="service">The service, whose new processes are ready.</param>
    /// <param name="command">The engine's notes on this run. A successor gets what its predecessor wrote.</param>
    /// <param name="cancel">Ends the command.</param>
    Task<CommandEnd> Verify(ServiceRollout service, IServiceJournal command, CancellationToken cancel);

    /// <summary>Starts new processes next to the old ones, and notes what to roll back to.</summary>
    Task Start(ServiceRollout service, CancellationToken cancel);

    /// <summary>
    /// Gives the new processes of these services their share of the traffic in this step. Unless the step keeps the old processes, they
    /// are ended gracefully.
    /// </summary>
    /// <param name="rollout">All services of the rollout.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancel">Stops asking.</param>
    Task Route(IReadOnlyList<ServiceRollout> rollout, RolloutStep step, CancellationToken cancel);

    /// <summary>What was counted so far of the requests of these services; a service that nobody counts is not among them.</summary>
    IReadOnlyDictionary<ServiceName, TrafficSample> Sample(IReadOnlyList<ServiceRollout> rollout);

    /// <summary>The progress of each of these services, all read at the same time.</summary>
    Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel);

    /// <summary>Rolls back to what was noted at <see cref="Start"/>; nothing to do for a service that was not started.</summary>
    Task Undo(ServiceRollout service, CancellationToken cancel);

    /// <summary>The progress of undoing each of these: <see cref="ObservedState.Complete"/> when the version before is verified to be
    /// back.</summary>
    Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel);

    /// <summary>The promotion has ended: lets go of what was kept for a rollback, and stops services that the release no longer
    /// has.</summary>
    Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel);

    /// <summary>Returns when something may have changed, or when it is time to look again.</summary>
    Task WaitForChange(AppName app, CancellationToken cancel);
}

/// <summary>Everything that an engine needs to run a release.</summary>
/// <param name="App">The app as it was when the promotion was begun or taken over.</param>
/// <param name="Release">The release.</param>
/// <param name="Promotion">The promotion.</param>
/// <param name="Services">Its services, resolved, in the manifest's order.</param>
public sealed record Rollout(App App, Release Release, PromotionId Promotion, IReadOnlyList<ServiceSpec> Services)
{
    /// <summary>Whether the <c>release</c> commands run before anything is started.</summary>
    public bool RunsRelease { get; init; }

    /// <summary>Whether it takes the place of somebody else's deployment that is in flight.</summary>
    public bool Supersedes { get; init; }

    /// <summary>Whether it may have no processes.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>Whether it takes the steps of its services' strategies, and verifies.</summary>
    public bool TakesSteps { get; init; }

    /// <summary>Whether some service's <c>verify</c> command runs before the traffic moves.</summary>
    public bool Verifies => TakesSteps && Services.Any(s => s.Service.Verify is not null);

    /// <summary>Whether it stops before the first traffic step until somebody approves it.</summary>
    public bool Holds { get; init; }

    /// <summary>How long it may last as a whole.</summary>
    public TimeSpan Limit { get; init; }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code, or 128 and the number of the signal that ended it.</param>
/// <param name="LastLines">The last lines that it printed.</param>
public sealed record CommandEnd(int ExitCode, IReadOnlyList<string> LastLines);

/// <summary>One service of a rollout and its journal.</summary>
/// <param name="Rollout">The whole.</param>
/// <param name="Spec">The service.</param>
/// <param name="Journal">Reads and writes the engine's notes on this service.</param>
public sealed record ServiceRollout(Rollout Rollout, ServiceSpec Spec, IServiceJournal Journal)
{
    /// <summary>The service's name.</summary>
    public ServiceName Name => Spec.Service.Name;
}

/// <summary>The engine's own notes on one service of a promotion, or on the run of its <c>release</c> command, kept in the store.</summary>
public interface IServiceJournal
{
    /// <summary>The notes that were written last; null: none yet.</summary>
    JsonElement? Notes { get; }

    /// <summary>Writes, under the driver's token, before the effect that the notes are about.</summary>
    Task Write(JsonElement notes, CancellationToken cancel);

    /// <summary>Tells people what a command waits for: one sentence without a period; null: it no longer waits.</summary>
    Task Report(string? waitsFor, CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>The progress of a service's rollout or of its undo.</summary>
public sealed record Observation(ObservedState State)
{
    /// <summary>How many processes it should have, if that differs from the release; null: it doesn't.</summary>
    public int? Desired { get; init; }

    /// <summary>How many new processes run.</summary>
    public int Running { get; init; }

    /// <summary>How many new processes are healthy.</summary>
    public int Healthy { get; init; }

    /// <summary>How many old processes are left.</summary>
    public int Old { get; init; }

    /// <summary>Why it failed, or what it waits for: one sentence without a period.</summary>
    public string? Reason { get; init; }

    /// <summary>The last lines that a failed process printed.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    /// <summary>The last lines of a process that is not healthy yet; they explain a failure that may follow.</summary>
    public IReadOnlyList<string> LinesSoFar { get; init; } = [];

    /// <summary>Warnings for people though nothing failed: sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The new processes' share of the traffic in percent, where the rack itself moves it.</summary>
    public int? Share { get; init; }

    /// <summary>What the rack itself does with it now, for people.</summary>
    public string? Stage { get; init; }

    /// <summary>When it was complete, by the engine's clock.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>The states that an engine can tell apart.</summary>
public enum ObservedState
{
    /// <summary>Fewer healthy processes than desired.</summary>
    Starting,

    /// <summary>It isn't started before every other service is ready, and doesn't hold them up.</summary>
    Waiting,

    /// <summary>As many healthy processes as desired; the old ones can still take the traffic back.</summary>
    Healthy,

    /// <summary>The new processes have the traffic; the old ones are stopping.</summary>
    Draining,

    /// <summary>Healthy with all the traffic, and no old process left.</summary>
    Complete,

    /// <summary>It will not succeed.</summary>
    Failed,

    /// <summary>Someone else made it run something that is neither ours nor the previous release: to be left alone.</summary>
    Superseded,

    /// <summary>It could not be observed, so nothing follows from it.</summary>
    Unknown,
}
