using System.Text.Json.Serialization;

namespace Releases;

/// <summary>The lock of an app: which promotion runs and who drives it.</summary>
public sealed record PromotionLock : StoredDocument
{
    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The promotion that runs.</summary>
    public required PromotionId Promotion { get; init; }

    /// <summary>The release that it promotes.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Which process drives, for people: <c>daemon 4711 on box</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>The fencing token: incremented by every take-over; a write with an older one is refused.</summary>
    public required long Token { get; init; }

    /// <summary>A counter that the driver increments, so that others see it is alive without comparing clocks.</summary>
    public long Beat { get; init; }

    /// <summary>A driver counts as gone after this long without a sign.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>When it last did that, by its own clock; a hint only.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>
    /// The token under which the promotion was left to the rack's agents; null: never. By the token, so that it ends with any take-over,
    /// also by a version that doesn't know it.
    /// </summary>
    public long? OfferedToken { get; init; }

    /// <summary>Whether an agent may take it at once: nobody drives it.</summary>
    [JsonIgnore]
    public bool IsOffered => OfferedToken == Token;

    /// <summary>Whether nobody has driven it yet, so that nothing of it can be under way.</summary>
    [JsonIgnore]
    public bool IsUntouched => IsOffered && Token == 1;

    /// <summary>Who asked to cancel the promotion; the driver acts on it.</summary>
    public string? CancelRequestedBy { get; init; }

    /// <summary>Who approved the promotion that waits for it; the driver acts on it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>The lock as a promotion first takes it.</summary>
    public static PromotionLock For(Promotion promotion, string owner)
    {
        return new()
        {
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

    /// <summary>Whether a driver that holds this may write while that is stored.</summary>
    public bool Holds(PromotionLock? stored) => stored is not null && stored.Promotion == Promotion && stored.Token == Token;

    /// <summary>The lock in the hands of another driver.</summary>
    public PromotionLock TakenOverBy(string owner) => this with { Owner = owner, Token = Token + 1, Beat = Beat + 1 };

    /// <summary>The lock of a driver that stops and leaves the promotion to the rack's agents: its own token no longer holds.</summary>
    public PromotionLock Offered() => this with { Token = Token + 1, OfferedToken = Token + 1, Beat = Beat + 1 };

    /// <summary>The lock after one more beat.</summary>
    public PromotionLock Renewed(DateTimeOffset now) => this with { Beat = Beat + 1, RenewedAt = now };

    /// <summary>Whether its driver renewed it within the last minute; a living one does so every few seconds.</summary>
    public bool IsDriven(DateTimeOffset now) => now - (RenewedAt ?? StartedAt) < Silence;

    /// <summary>The problem of another promotion while it is held.</summary>
    /// <param name="running">Its promotion, where it was read: one that waits for an approval is named as such.</param>
    public Problem Busy(Promotion? running = null) => new(
        ProblemCode.Busy,
        $"{StartedBy} has been promoting {Release} of {App} since {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({Promotion}, driven by "
            + $"{Owner}){(running is { WaitsForApproval: true } ? ", and it waits for approval" : "")}. Nothing changed.",
        (running is { WaitsForApproval: true }
            ? Remedy.Do(Operation.ApprovePromotion, "Approve it")
            : Remedy.Do(Operation.WatchPromotion, "Follow it").Or("Wait for it: pass --wait-lock 10m."))
            .Or(Remedy.Do(Operation.CancelPromotion, "Roll it back")),
        ProblemKind.Busy);

    /// <summary>The problem of a driver that returns after another one took over.</summary>
    public Problem Fenced() => new(
        ProblemCode.Fenced,
        $"promotion {Promotion} of {App} is no longer driven by this process: another one took it over, or it has ended.",
        Remedy.Do(Operation.ShowPromotion, "Details", Promotion.ToString()));
}
