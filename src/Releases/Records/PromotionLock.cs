using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the lock of an app: the running promotion and its driver.</summary>
public sealed record PromotionLock : StoredDocument, IJsonOnDeserialized
{
    /// <summary>
    /// The format of the lock of a promotion that versions before 0.2 can't drive, because it waits for an approval, or has steps or a
    /// <c>verify</c> command. Its token has another name, so that those versions refuse to read it, and don't touch the promotion.
    /// </summary>
    public const int FormatOfPlans = 2;

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The promotion that is running.</summary>
    public required PromotionId Promotion { get; init; }

    /// <summary>The release that is being promoted.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The process that drives it, or the last one that did, for display: <c>daemon 4711 on box</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>The fencing token. Every take-over increments it, and a write with an older token is rejected.</summary>
    [JsonIgnore]
    public long Token { get; init; }

    [JsonInclude, JsonPropertyName("token")]
    internal long? TokenForAll { get => Format < FormatOfPlans ? Token : null; init => Token = value ?? Token; }

    [JsonInclude, JsonPropertyName("planToken")]
    internal long? TokenForPlans { get => Format < FormatOfPlans ? null : Token; init => Token = value ?? Token; }

    /// <summary>A counter that the driver increments, so that others see that it is alive without comparing clocks.</summary>
    public long Beat { get; init; }

    /// <summary>How long a driver may be silent before it is considered gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>When the driver last incremented the beat, by its own clock; a hint only.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>
    /// The token under which the promotion was left to the rack's agents, or null if it never was. Tied to the token, so that any take-over
    /// ends it, even by a version that doesn't know it.
    /// </summary>
    public long? OfferedToken { get; init; }

    /// <summary>Whether an agent may take it immediately, because it has no driver.</summary>
    [JsonIgnore]
    public bool IsOffered => OfferedToken == Token;

    /// <summary>Whether it never had a driver, so that nothing of it can be in progress.</summary>
    [JsonIgnore]
    public bool IsUntouched => IsOffered && Token == 1;

    /// <summary>Who requested the cancellation of the promotion; the driver acts on it.</summary>
    public string? CancelRequestedBy { get; init; }

    /// <summary>Who requested that its rollback ends unfinished; the driver acts on it.</summary>
    public string? RollbackEndedBy { get; init; }

    /// <summary>Who approved the promotion; the driver acts on it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Whether the driver ended the wait for an approval, so that none is recorded any longer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HoldEnded { get; init; }

    /// <summary>Creates the lock of a new promotion.</summary>
    public static PromotionLock For(Promotion promotion, string owner)
    {
        return new()
        {
            Format = promotion.DriverFormat ?? CurrentFormat,
            App = promotion.App,
            Promotion = promotion.Id,
            Release = promotion.Release,
            StartedBy = promotion.StartedBy,
            StartedAt = promotion.StartedAt,
            Owner = owner,
            Token = 1,
            OfferedToken = promotion.IsHandedOver ? 1 : null,
        };
    }

    /// <summary>Refuses a lock without a token, as a later version may write it.</summary>
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Token == 0) throw new JsonException("A lock has no token.");
    }

    /// <summary>Determines whether a driver with this lock may write while the other one is stored.</summary>
    public bool Holds(PromotionLock? stored) => stored is not null && stored.Promotion == Promotion && stored.Token == Token;

    /// <summary>Returns the lock after another driver took it over.</summary>
    public PromotionLock TakenOverBy(string owner) => this with { Owner = owner, Token = Token + 1, Beat = Beat + 1 };

    /// <summary>
    /// Returns the lock after its driver left the promotion to the rack's agents: the driver's own token is no longer valid.
    /// </summary>
    public PromotionLock Offered() => this with { Token = Token + 1, OfferedToken = Token + 1, Beat = Beat + 1 };

    /// <summary>Returns the lock after another beat.</summary>
    public PromotionLock Renewed(DateTimeOffset now) => this with { Beat = Beat + 1, RenewedAt = now };

    /// <summary>Returns the lock with a request to cancel; the first one counts.</summary>
    public PromotionLock WithCancelBy(string by) => this with { CancelRequestedBy = CancelRequestedBy ?? by };

    /// <summary>Returns the lock with a request to end the rollback; the first one counts.</summary>
    public PromotionLock WithRollbackEndBy(string by) => this with { RollbackEndedBy = RollbackEndedBy ?? by };

    /// <summary>
    /// Returns the lock with an approval, of which the first one counts, or null if a cancel was requested before, or the wait has ended.
    /// </summary>
    public PromotionLock? WithApprovalBy(string by) => CancelRequestedBy is not null || HoldEnded ? null
        : this with { ApprovedBy = ApprovedBy ?? by };

    /// <summary>Returns the lock after the wait for an approval has ended without one; the lock itself if it was approved before.</summary>
    public PromotionLock WithHoldEnded() => ApprovedBy is not null ? this : this with { HoldEnded = true };

    /// <summary>Determines whether its driver renewed it within the last minute; a live driver does so every few seconds.</summary>
    public bool IsDriven(DateTimeOffset now) => now - (RenewedAt ?? StartedAt) < Silence;

    /// <summary>Returns the problem that prevents another promotion while the lock is held.</summary>
    /// <param name="release">The label of the release; its id where the record wasn't read.</param>
    /// <param name="now">The time, or null to state when it began instead of how long ago.</param>
    /// <param name="running">
    /// The running promotion, if it was read; the problem mentions that it is waiting for an approval, or is rolling back.
    /// </param>
    public Problem Busy(string? release = null, DateTimeOffset? now = null, Promotion? running = null) => new(
        ProblemCode.Busy, $"a promotion of {App} is running: {Summary(release, now, running)}.", Options(now, running),
        ProblemKind.Busy, Unchanged: Problem.NothingChanged);

    /// <summary>
    /// Returns what can be done about it. A rollback that is running may take longer than a rollout.
    /// </summary>
    private static Remedy Options(DateTimeOffset? now, Promotion? running)
    {
        var follow = Remedy.Do(Operation.WatchPromotion, "Follow it");
        if (running is { Status: PromotionStatus.RollingBack })
            return follow.Or(Remedy.Pass(OperationOption.WaitLock, "Wait for it", UntilRolledBack(now, running)))
                .Or(Remedy.Do(Operation.CancelPromotion, "If it can't finish, end it", OperationOption.Force));
        return (running is { WaitsForApproval: true }
                ? Remedy.Do(Operation.ApprovePromotion, "Approve it")
                : follow.Or(Remedy.Pass(OperationOption.WaitLock, "Wait for it", "10m")))
            .Or(Remedy.Do(Operation.CancelPromotion, "Roll it back"));
    }

    /// <summary>Returns a time after which the rollback has ended, in whole minutes.</summary>
    private static string UntilRolledBack(DateTimeOffset? now, Promotion running)
    {
        var left = running.RollbackDeadline is { } limit && now is { } at ? limit - at : TimeSpan.FromMinutes(10);
        return $"{Math.Max(0, (int)Math.Ceiling(left.TotalMinutes)) + 1}m";
    }

    /// <summary>Returns what is promoted, who began it and when: <c>v12 (ROCHMCOUESG), started by joe 3 minutes ago</c>.</summary>
    internal string Summary(string? release, DateTimeOffset? now, Promotion? running) =>
        $"{release ?? Release.ToString()}, started by {StartedBy} "
            + (now is { } at ? RelativeTime.InSentence(StartedAt, at) : $"at {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
            + running switch
            {
                { WaitsForApproval: true } => " and waiting for approval",
                { Status: PromotionStatus.RollingBack, RollbackDeadline: { } limit } =>
                    $" and rolling back until {limit.UtcDateTime:HH:mm} UTC at the latest",
                { Status: PromotionStatus.RollingBack } => " and rolling back",
                _ => "",
            };

    /// <summary>Returns the problem of a driver that was taken over.</summary>
    public Problem Fenced() => new(
        ProblemCode.Fenced,
        $"this process no longer drives the promotion of {App} ({Promotion}): another one took it over, or it has ended.",
        Remedy.Do(Operation.ShowPromotion, "Details", Promotion.ToString()));
}
