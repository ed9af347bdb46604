using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the wait for an approval before the first traffic step, with everything started, healthy and verified.</summary>
public sealed record PromotionHold : Extensible
{
    /// <summary>How long it waits for an approval before it is rolled back, in seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>When the wait started, or null if it hasn't.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Who approved it, or null if nobody has.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When the driver continued.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>When it is rolled back without an approval, or null if the wait hasn't started.</summary>
    [JsonIgnore]
    public DateTimeOffset? Until => Since?.AddSeconds(Seconds);

    /// <summary>Whether it is waiting for an approval.</summary>
    [JsonIgnore]
    public bool IsWaiting => Since is not null && ApprovedAt is null;
}
