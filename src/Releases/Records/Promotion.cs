using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents one attempt to make a release the active one.</summary>
public sealed record Promotion : StoredDocument
{
    /// <summary>The id.</summary>
    public required PromotionId Id { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The release that is promoted.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>The release that was active when the promotion was started, or null before the first success.</summary>
    public ReleaseId? Previous { get; init; }

    /// <summary>Its status.</summary>
    public required PromotionStatus Status { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The time limit of the rollout in seconds: the user's, else the manifest's.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>When an unfinished rollout is rolled back. It is absolute, so it applies to every driver.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When an unfinished rollback is given up; set when the rollback starts.</summary>
    public DateTimeOffset? RollbackDeadline { get; init; }

    /// <summary>Why it failed, was cancelled or is stuck: one sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>The problems that the check found before anything was changed.</summary>
    public IReadOnlyList<Finding> Findings { get => field ?? []; init; }

    /// <summary>The service that caused the failure.</summary>
    public ServiceName? FailedService { get; init; }

    /// <summary>Who cancelled it.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>Whether the <c>release</c> commands are run; decided at the start.</summary>
    public bool RunsRelease { get; init; }

    /// <summary>Whether it supersedes someone else's deployment that is in flight.</summary>
    public bool Supersedes { get; init; }

    /// <summary>
    /// The deployments that it may supersede, because they were shown before it began; null if that isn't recorded, as by earlier versions.
    /// </summary>
    public IReadOnlyList<SupersededDeployment>? Superseded { get; init; }

    /// <summary>Whether it was left to the rack's agents when it was started.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>The trace that it belongs to, or null if there is none.</summary>
    public PromotionTrace? Trace { get; init; }

    /// <summary>The format of its lock, which versions that can't drive it refuse to read; null for all versions.</summary>
    public int? DriverFormat { get; init; }

    /// <summary>Whether it may succeed without a process that verifies it.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>The runs of <c>release</c> commands, in order.</summary>
    public IReadOnlyList<ReleaseCommand> ReleaseCommands { get => field ?? []; init; }

    /// <summary>The latest step of the rollout plan that was begun, or null before the traffic moves.</summary>
    public TrafficShare? Traffic { get; init; }

    /// <summary>Whether it takes the steps of its services' strategies, and verifies; a release that was live before doesn't.</summary>
    public bool TakesSteps { get; init; }

    /// <summary>The rollout plan, or null if all traffic moves at once.</summary>
    public RolloutPlan? Plan { get; init; }

    /// <summary>The steps of the plan that were begun, in order; empty without a plan.</summary>
    public IReadOnlyList<PlanStep> Steps { get => field ?? []; init; }

    /// <summary>The wait for an approval before the first traffic step, or null if there is none.</summary>
    public PromotionHold? Hold { get; init; }

    /// <summary>The runs of <c>verify</c> commands, in order.</summary>
    public IReadOnlyList<ReleaseCommand> VerifyCommands { get => field ?? []; init; }

    /// <summary>The services, in the order of the manifest.</summary>
    public IReadOnlyList<PromotionService> Services { get => field ?? []; init; }

    /// <summary>The services that were running before and aren't in the release; stopped after a success.</summary>
    public IReadOnlyList<ServiceName> Retired { get => field ?? []; init; }

    /// <summary>
    /// Whether it has succeeded for good while what follows from that is being done; false once its end is recorded.
    /// </summary>
    public bool IsDecided { get; init; }

    /// <summary>Whether only a summary is kept: who promoted what, when, and the outcome, without the progress of its services.</summary>
    public bool IsShortened { get; init; }

    /// <summary>The terms that it was started with. In the record they are fields of its own, whose names stay.</summary>
    [JsonIgnore]
    public PromotionTerms Terms
    {
        get => new()
        {
            Timeout = TimeoutSeconds is { } limit ? TimeSpan.FromSeconds(limit) : null,
            RunRelease = RunsRelease,
            AllowEmpty = AllowsEmpty,
            HoldFor = Hold is { } hold ? TimeSpan.FromSeconds(hold.Seconds) : null,
            Supersede = Supersedes,
            Superseded = Superseded,
        };
        init
        {
            TimeoutSeconds = Seconds(value.Timeout);
            RunsRelease = value.RunRelease;
            AllowsEmpty = value.AllowEmpty;
            Hold = Seconds(value.HoldFor) is { } wait ? new() { Seconds = wait } : null;
            Supersedes = value.Supersede;
            Superseded = value.Superseded;
        }
    }

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool Ended =>
        Status is PromotionStatus.Succeeded or PromotionStatus.Failed or PromotionStatus.Cancelled or PromotionStatus.Stuck;

    /// <summary>
    /// When the current step must be done: the deadline without the holds of later steps and a wait for approval that hasn't started.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset Limit => Deadline - (Plan?.HoldAfter(Traffic) ?? TimeSpan.Zero)
        - TimeSpan.FromSeconds(Hold is { Since: null, Seconds: var seconds } ? seconds : 0);

    /// <summary>Whether the plan was begun and no new process has traffic yet.</summary>
    [JsonIgnore]
    public bool IsBeforeTraffic => Plan is not null && Traffic is { Step: 0, Percent: 0 };

    /// <summary>Whether it is waiting for an approval, with every new process ready.</summary>
    [JsonIgnore]
    public bool WaitsForApproval => Status == PromotionStatus.RollingOut && Hold is { IsWaiting: true };

    /// <summary>Whether it promotes the release that was active, to replace its processes.</summary>
    [JsonIgnore]
    public bool IsRestart => Previous == Release;

    /// <summary>Returns the summary that is kept once many others have followed.</summary>
    public Promotion Shortened() => this with
    {
        IsShortened = true,
        Findings = [],
        ReleaseCommands = [],
        VerifyCommands = [],
        Traffic = null,
        Plan = null,
        Steps = [],
        Services = [],
    };

    /// <summary>Returns its steps, with the last one ended now.</summary>
    internal IReadOnlyList<PlanStep> StepsUntil(DateTimeOffset now) =>
        Steps is [.., { EndedAt: null } last] ? [.. Steps.SkipLast(1), last with { EndedAt = now }] : Steps;

    private static int? Seconds(TimeSpan? span) => span is { } some ? (int)Math.Ceiling(some.TotalSeconds) : null;

    /// <summary>Creates an event about it.</summary>
    internal Event ToEvent(EventKind kind, string by, string? detail = null) => new()
    {
        At = EndedAt ?? StartedAt,
        Kind = kind,
        By = by,
        Release = Release,
        Promotion = Id,
        Detail = detail,
    };
}

/// <summary>Represents the current step of the rollout plan.</summary>
/// <param name="Step">Its position in the plan, from 0.</param>
/// <param name="Percent">The new processes' share of the traffic, from 0 to 100.</param>
/// <param name="Since">When it was begun, so that a successor knows the remaining time.</param>
public sealed record TrafficShare(int Step, int Percent, DateTimeOffset Since) : Extensible;

/// <summary>Specifies the status of a promotion.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PromotionStatus>))]
public enum PromotionStatus
{
    /// <summary>Everything is being checked before anything is changed.</summary>
    [JsonStringEnumMemberName("checking")] Checking,

    /// <summary>The <c>release</c> commands are running.</summary>
    [JsonStringEnumMemberName("releasing")] Releasing,

    /// <summary>New processes are replacing the old ones.</summary>
    [JsonStringEnumMemberName("rollingOut")] RollingOut,

    /// <summary>Every service is being rolled back.</summary>
    [JsonStringEnumMemberName("rollingBack")] RollingBack,

    /// <summary>The release is verified and active.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>It failed, and the rollback is verified.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It was cancelled, and the rollback is verified.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>Manual action is needed; each service records what is running and what should be.</summary>
    [JsonStringEnumMemberName("stuck")] Stuck,
}

/// <summary>Represents a problem that a check found, as it is recorded.</summary>
/// <param name="Code">The problem's code.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do, on one line.</param>
public sealed record Finding(string Code, string Message, string? Remedy) : Extensible
{
    /// <summary>What to do, step by step; null in records of earlier versions.</summary>
    public IReadOnlyList<RemedyStep>? RemedySteps { get; init; }

    /// <summary>Records a problem.</summary>
    public static Finding From(Problem problem) =>
        new(problem.Code, problem.Message, problem.Remedy?.ToString()) { RemedySteps = problem.Remedy?.Steps };

    /// <summary>Returns the recorded problem.</summary>
    public Problem ToProblem(ProblemKind kind) => new(Code, Message, RemedySteps is { } steps ? new Remedy(steps) : Remedy, kind);
}
