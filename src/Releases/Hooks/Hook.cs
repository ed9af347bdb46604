using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Where the events of an app are delivered to. It never changes; how far it got is its <see cref="HookProgress"/>.</summary>
public sealed record Hook : StoredDocument
{
    /// <summary>The id.</summary>
    public required HookId Id { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>What is sent.</summary>
    public required HookFormat Payload { get; init; }

    /// <summary>Where to, for people: without the path and the query, which are often secrets.</summary>
    public required string Target { get; init; }

    /// <summary>Which events: groups and kinds, as a person named them.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>What <see cref="Sealed"/> is bound to.</summary>
    public required SnapshotId SealedUnder { get; init; }

    /// <summary>The address, the signing secret and the token, sealed by the rack's vault.</summary>
    [JsonPropertyName("sealed")]
    public required byte[] Sealed { get; init; }

    /// <summary>Whether it may be delivered to loopback and private networks, and without TLS.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>The position of the last event before it; null: there was none.</summary>
    public string? After { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who added it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Whether it is to hear of this. The deletion of its app is its last event, whatever it chose.</summary>
    public bool Wants(EventKind kind) => kind == EventKind.AppDeleted || HookEvents.Includes(Events, kind);
}

/// <summary>What a hook is sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookFormat>))]
public enum HookFormat
{
    /// <summary>CloudEvents 1.0 as JSON, signed by Standard Webhooks.</summary>
    [JsonStringEnumMemberName("json")] Json,

    /// <summary>A message for a Slack webhook.</summary>
    [JsonStringEnumMemberName("slack")] Slack,

    /// <summary>Deployments of a GitHub repository and their status.</summary>
    [JsonStringEnumMemberName("github")] GitHub,

    /// <summary>An event for a bus of Amazon EventBridge.</summary>
    [JsonStringEnumMemberName("eventbridge")] EventBridge,
}
