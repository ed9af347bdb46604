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

    /// <summary>The fencing token: one more with every take-over; a write under an older one is refused.</summary>
    public required long Token { get; init; }

    /// <summary>A counter that the driver increments, so that others see that it lives without comparing clocks.</summary>
    public long Beat { get; init; }

    /// <summary>When it last did, by its own clock; a hint only.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>Who asked to cancel the promotion; the driver acts on it.</summary>
    public string? CancelRequestedBy { get; init; }
}
