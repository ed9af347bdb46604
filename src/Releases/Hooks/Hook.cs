using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents a receiver of an app's events. A hook never changes; its progress is a <see cref="HookProgress"/>.</summary>
public sealed record Hook : StoredDocument
{
    /// <summary>The id.</summary>
    public required HookId Id { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The format of what is sent.</summary>
    public required HookFormat Payload { get; init; }

    /// <summary>The receiver for display, without the path and the query, which are often secret.</summary>
    public required string Target { get; init; }

    /// <summary>The chosen events: groups and kinds, as the user named them.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The snapshot id that <see cref="Sealed"/> is bound to.</summary>
    public required SnapshotId SealedUnder { get; init; }

    /// <summary>The address, the signing secret and the token, sealed by the rack's vault.</summary>
    [JsonPropertyName("sealed")]
    public required byte[] Sealed { get; init; }

    /// <summary>Whether it may be delivered to loopback and private networks, and without TLS.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>The position of the last event before the hook was added, or null if there was none.</summary>
    public string? After { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who added it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>
    /// Determines whether the hook receives this kind of event. It always receives the deletion of its app, which is its last event.
    /// </summary>
    public bool Wants(EventKind kind) => kind == EventKind.AppDeleted || HookEvents.Includes(Events, kind);
}

/// <summary>Specifies the format of a hook's deliveries.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookFormat>))]
public enum HookFormat
{
    /// <summary>CloudEvents 1.0 as JSON, signed according to Standard Webhooks.</summary>
    [JsonStringEnumMemberName("json")] Json,

    /// <summary>A message for a Slack webhook.</summary>
    [JsonStringEnumMemberName("slack")] Slack,

    /// <summary>Deployments of a GitHub repository and their statuses.</summary>
    [JsonStringEnumMemberName("github")] GitHub,

    /// <summary>An event for an Amazon EventBridge event bus.</summary>
    [JsonStringEnumMemberName("eventbridge")] EventBridge,
}
