using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Who did what when; appended in the same write as the change.</summary>
public sealed record Event : StoredDocument
{
    /// <summary>The format of events about retention and pins, whose kinds earlier versions don't know.</summary>
    internal const int FormatOfRetention = 2;

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>The release it is about.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>The promotion it is about.</summary>
    public PromotionId? Promotion { get; init; }

    /// <summary>More, for people: an outcome's reason, a service and its new count. Never a value of an environment.</summary>
    public string? Detail { get; init; }
}

/// <summary>What can happen to an app.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
public enum EventKind
{
    /// <summary>The app was made.</summary>
    [JsonStringEnumMemberName("appCreated")] AppCreated,

    /// <summary>The app was deleted.</summary>
    [JsonStringEnumMemberName("appDeleted")] AppDeleted,

    /// <summary>A release was made.</summary>
    [JsonStringEnumMemberName("releaseCreated")] ReleaseCreated,

    /// <summary>A promotion began.</summary>
    [JsonStringEnumMemberName("promotionStarted")] PromotionStarted,

    /// <summary>Another driver took a promotion over.</summary>
    [JsonStringEnumMemberName("promotionTakenOver")] PromotionTakenOver,

    /// <summary>Somebody asked to cancel a promotion.</summary>
    [JsonStringEnumMemberName("promotionCancelRequested")] PromotionCancelRequested,

    /// <summary>Somebody approved a promotion that waited for it.</summary>
    [JsonStringEnumMemberName("promotionApproved")] PromotionApproved,

    /// <summary>A promotion ended; the detail says how.</summary>
    [JsonStringEnumMemberName("promotionEnded")] PromotionEnded,

    /// <summary>A count was changed.</summary>
    [JsonStringEnumMemberName("scaled")] Scaled,

    /// <summary>The app was locked; the detail says why.</summary>
    [JsonStringEnumMemberName("appLocked")] AppLocked,

    /// <summary>The app was unlocked.</summary>
    [JsonStringEnumMemberName("appUnlocked")] AppUnlocked,

    /// <summary>A one-off process was started; the detail says of which service, and the command.</summary>
    [JsonStringEnumMemberName("oneOffStarted")] OneOffStarted,

    /// <summary>Values of an environment were shown.</summary>
    [JsonStringEnumMemberName("revealed")] Revealed,

    /// <summary>Old artifacts or records were removed.</summary>
    [JsonStringEnumMemberName("pruned")] Pruned,

    /// <summary>How long releases keep their artifacts was changed; the detail says how.</summary>
    [JsonStringEnumMemberName("retentionChanged")] RetentionChanged,

    /// <summary>A release was pinned.</summary>
    [JsonStringEnumMemberName("releasePinned")] ReleasePinned,

    /// <summary>A release was unpinned.</summary>
    [JsonStringEnumMemberName("releaseUnpinned")] ReleaseUnpinned,

    /// <summary>A hook was added; the detail says where to.</summary>
    [JsonStringEnumMemberName("hookAdded")] HookAdded,

    /// <summary>A hook was removed; the detail says where it delivered to.</summary>
    [JsonStringEnumMemberName("hookRemoved")] HookRemoved,
}
