using System.Text.Json.Serialization;

namespace Releases;

/// <summary>The stop before the first traffic step: everything is started, healthy and verified, and somebody decides.</summary>
public sealed record PromotionHold : Extensible
{
    /// <summary>How long it waits for the decision, in seconds; then it is rolled back.</summary>
    public required int Seconds { get; init; }

    /// <summary>Since when it waits; null: not yet.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Who approved it; null: nobody yet.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When the driver continued.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>When it is rolled back without an approval; null: it doesn't wait yet.</summary>
    [JsonIgnore]
    public DateTimeOffset? Until => Since?.AddSeconds(Seconds);

    /// <summary>Whether it waits for somebody.</summary>
    [JsonIgnore]
    public bool IsWaiting => Since is not null && ApprovedAt is null;
}
