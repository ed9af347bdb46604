using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents an event: who did what, and when. Appended in the same write as the change.</summary>
public sealed record Event : StoredDocument
{
    /// <summary>The format of events about retention and pins, whose kinds earlier versions don't know.</summary>
    internal const int FormatOfRetention = 2;

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>Who caused it.</summary>
    public required string By { get; init; }

    /// <summary>The release that it is about.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>The promotion that it is about.</summary>
    public PromotionId? Promotion { get; init; }

    /// <summary>Details for people: an outcome's reason, or a service and its new count. Never a value of an environment.</summary>
    public string? Detail { get; init; }
}

/// <summary>Specifies what happened to an app.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
public enum EventKind
{
    /// <summary>The app was created.</summary>
    [JsonStringEnumMemberName("appCreated")] AppCreated,

    /// <summary>The app was deleted.</summary>
    [JsonStringEnumMemberName("appDeleted")] AppDeleted,

    /// <summary>A release was created.</summary>
    [JsonStringEnumMemberName("releaseCreated")] ReleaseCreated,

    /// <summary>A promotion was started.</summary>
    [JsonStringEnumMemberName("promotionStarted")] PromotionStarted,

    /// <summary>Another driver took over a promotion.</summary>
    [JsonStringEnumMemberName("promotionTakenOver")] PromotionTakenOver,

    /// <summary>The cancellation of a promotion was requested.</summary>
    [JsonStringEnumMemberName("promotionCancelRequested")] PromotionCancelRequested,

    /// <summary>A promotion that was waiting for an approval was approved.</summary>
    [JsonStringEnumMemberName("promotionApproved")] PromotionApproved,

    /// <summary>A promotion ended; the detail says how.</summary>
    [JsonStringEnumMemberName("promotionEnded")] PromotionEnded,

    /// <summary>A count was changed.</summary>
    [JsonStringEnumMemberName("scaled")] Scaled,

    /// <summary>The app was locked; the detail says why.</summary>
    [JsonStringEnumMemberName("appLocked")] AppLocked,

    /// <summary>The app was unlocked.</summary>
    [JsonStringEnumMemberName("appUnlocked")] AppUnlocked,

    /// <summary>A one-off process was started; the detail has the service and the command.</summary>
    [JsonStringEnumMemberName("oneOffStarted")] OneOffStarted,

    /// <summary>Values of an environment were revealed.</summary>
    [JsonStringEnumMemberName("revealed")] Revealed,

    /// <summary>Old artifacts or records were removed.</summary>
    [JsonStringEnumMemberName("pruned")] Pruned,

    /// <summary>The retention settings were changed; the detail has the new ones.</summary>
    [JsonStringEnumMemberName("retentionChanged")] RetentionChanged,

    /// <summary>A release was pinned.</summary>
    [JsonStringEnumMemberName("releasePinned")] ReleasePinned,

    /// <summary>A release was unpinned.</summary>
    [JsonStringEnumMemberName("releaseUnpinned")] ReleaseUnpinned,

    /// <summary>A hook was added; the detail has its receiver.</summary>
    [JsonStringEnumMemberName("hookAdded")] HookAdded,

    /// <summary>A hook was removed; the detail has its receiver.</summary>
    [JsonStringEnumMemberName("hookRemoved")] HookRemoved,
}
