using System.Text.Json.Serialization;

namespace Releases;

/// <summary>One attempt to make a release the active one.</summary>
public sealed record Promotion : StoredDocument
{
    /// <summary>The id.</summary>
    public required PromotionId Id { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The release to run.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>The release that was active when it began; null before the first success.</summary>
    public ReleaseId? Previous { get; init; }

    /// <summary>Its status.</summary>
    public required PromotionStatus Status { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The limit that the user gave, in seconds; it wins over the manifest's.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>When an unfinished rollout is rolled back. Absolute, so it holds for whoever drives.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When an unfinished rollback is given up; set when the rollback begins.</summary>
    public DateTimeOffset? RollbackDeadline { get; init; }

    /// <summary>Why it failed, was cancelled or is stuck: one sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>The problems that the check found before anything was touched.</summary>
    public IReadOnlyList<Finding> Findings { get => field ?? []; init; }

    /// <summary>The service that made it fail.</summary>
    public ServiceName? FailedService { get; init; }

    /// <summary>Who cancelled it.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>Whether the <c>release</c> commands are to be run; decided when it began.</summary>
    public bool RunsRelease { get; init; }

    /// <summary>Whether it takes the place of somebody else's deployment that is in flight.</summary>
    public bool Supersedes { get; init; }

    /// <summary>Whether whoever began it left it to the rack's agents.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>The trace that it belongs to; null: none.</summary>
    public PromotionTrace? Trace { get; init; }

    /// <summary>Whether it may succeed without a process that verifies it.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>The runs of <c>release</c> commands, in order.</summary>
    public IReadOnlyList<ReleaseCommand> ReleaseCommands { get => field ?? []; init; }

    /// <summary>The step of the rollout plan that was begun last; null before the traffic moves.</summary>
    public TrafficShare? Traffic { get; init; }

    /// <summary>Whether it takes the steps of its services' strategies, and verifies: a release that ran before doesn't.</summary>
    public bool TakesSteps { get; init; }

    /// <summary>The rollout plan; null: all traffic at once.</summary>
    public RolloutPlan? Plan { get; init; }

    /// <summary>The steps of the plan that were begun, in order; empty without a plan.</summary>
    public IReadOnlyList<PlanStep> Steps { get => field ?? []; init; }

    /// <summary>Where it stops before the first traffic step; null: it doesn't.</summary>
    public PromotionHold? Hold { get; init; }

    /// <summary>The runs of <c>verify</c> commands, in order.</summary>
    public IReadOnlyList<ReleaseCommand> VerifyCommands { get => field ?? []; init; }

    /// <summary>The services in the manifest's order.</summary>
    public IReadOnlyList<PromotionService> Services { get => field ?? []; init; }

    /// <summary>Services that ran before and are not in the release: stopped after success.</summary>
    public IReadOnlyList<ServiceName> Retired { get => field ?? []; init; }

    /// <summary>Whether it is kept as a line: who promoted what, when, and how it ended, without the progress of its services.</summary>
    public bool IsShortened { get; init; }

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool Ended =>
        Status is PromotionStatus.Succeeded or PromotionStatus.Failed or PromotionStatus.Cancelled or PromotionStatus.Stuck;

    /// <summary>When what is under way has to be over: the deadline without the steps and the hold that are still to come.</summary>
    [JsonIgnore]
    public DateTimeOffset Limit => Deadline - (Plan?.HoldAfter(Traffic) ?? TimeSpan.Zero)
        - TimeSpan.FromSeconds(Hold is { Since: null, Seconds: var seconds } ? seconds : 0);

    /// <summary>Whether its plan has begun, and no new process has traffic yet.</summary>
    [JsonIgnore]
    public bool IsBeforeTraffic => Plan is not null && Traffic is { Step: 0, Percent: 0 };

    /// <summary>Whether it is held, with every new process ready, until somebody approves it.</summary>
    [JsonIgnore]
    public bool WaitsForApproval => Status == PromotionStatus.RollingOut && Hold is { IsWaiting: true };

    /// <summary>What is kept of it once many others have followed.</summary>
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

    /// <summary>Its steps where the last one ended by now.</summary>
    internal IReadOnlyList<PlanStep> StepsUntil(DateTimeOffset now) =>
        Steps is [.., { EndedAt: null } last] ? [.. Steps.SkipLast(1), last with { EndedAt = now }] : Steps;

    /// <summary>An event about it.</summary>
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

/// <summary>A step of the rollout plan that was begun.</summary>
/// <param name="Step">Its position in the plan, from 0.</param>
/// <param name="Percent">The new processes' share of the traffic, from 0 to 100.</param>
/// <param name="Since">When it was begun, so that a successor knows the time that is left of it.</param>
public sealed record TrafficShare(int Step, int Percent, DateTimeOffset Since) : Extensible;

/// <summary>The status of a promotion.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PromotionStatus>))]
public enum PromotionStatus
{
    /// <summary>Everything is checked before anything is touched.</summary>
    [JsonStringEnumMemberName("checking")] Checking,

    /// <summary>The <c>release</c> commands run.</summary>
    [JsonStringEnumMemberName("releasing")] Releasing,

    /// <summary>New processes replace the old ones.</summary>
    [JsonStringEnumMemberName("rollingOut")] RollingOut,

    /// <summary>Every service rolls back to what it had before.</summary>
    [JsonStringEnumMemberName("rollingBack")] RollingBack,

    /// <summary>The release is verified and active.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>It failed, and the rollback is verified.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It was cancelled, and the rollback is verified.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>Manual action is needed: each service has what is running and what should be.</summary>
    [JsonStringEnumMemberName("stuck")] Stuck,
}

/// <summary>What a check found, as it is recorded.</summary>
/// <param name="Code">The problem's code.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do, as one line.</param>
public sealed record Finding(string Code, string Message, string? Remedy) : Extensible
{
    /// <summary>The same, step by step; null in records of earlier versions.</summary>
    public IReadOnlyList<RemedyStep>? RemedySteps { get; init; }

    /// <summary>A problem's.</summary>
    public static Finding From(Problem problem) =>
        new(problem.Code, problem.Message, problem.Remedy?.ToString()) { RemedySteps = problem.Remedy?.Steps };

    /// <summary>The problem that it records.</summary>
    public Problem ToProblem(ProblemKind kind) => new(Code, Message, RemedySteps is { } steps ? new Remedy(steps) : Remedy, kind);
}
