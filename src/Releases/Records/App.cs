namespace Releases;

/// <summary>A named set of services in a rack, and what a rack remembers of it beside its releases.</summary>
public sealed record App : StoredDocument
{
    /// <summary>The name.</summary>
    public required AppName Name { get; init; }

    /// <summary>The number of the newest release ever made; numbers have no gap and are never reused, not even after a deletion.</summary>
    public long LastNumber { get; init; }

    /// <summary>The newest release.</summary>
    public ReleaseId? Latest { get; init; }

    /// <summary>The release that the last successful promotion put in place.</summary>
    public ReleaseId? Active { get; init; }

    /// <summary>The promotion that put it in place.</summary>
    public PromotionId? ActivePromotion { get; init; }

    /// <summary>The release that was active before.</summary>
    public ReleaseId? PreviousActive { get; init; }

    /// <summary>Counts that override the manifest's, per service.</summary>
    public IReadOnlyDictionary<ServiceName, int> Scale { get; init; } = new Dictionary<ServiceName, int>();

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was deleted; the tombstone keeps the name's numbers.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
