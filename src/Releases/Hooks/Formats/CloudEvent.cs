using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents an event as CloudEvents 1.0 in JSON, in structured mode: attributes and data in one document.</summary>
public sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    [property: JsonPropertyName("traceparent")][property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceParent,
    CloudEventData Data)
{
    /// <summary>The media type of the document.</summary>
    internal const string ContentType = "application/cloudevents+json";

    /// <summary>Returns the document in UTF-8.</summary>
    internal static byte[] Write(HookMessage message, DateTimeOffset now) =>
        JsonSerializer.SerializeToUtf8Bytes(From(message, now), HookJson.Readable.CloudEvent);

    /// <summary>Returns the document as text.</summary>
    public static string Text(HookMessage message, DateTimeOffset now) =>
        JsonSerializer.Serialize(From(message, now), HookJson.Readable.CloudEvent);

    /// <summary>Returns the type, which is the same for every kind of receiver: <c>convox.promotionEnded</c>.</summary>
    internal static string TypeOf(HookMessage message) => $"convox.{message.Kind}";

    private static CloudEvent From(HookMessage message, DateTimeOffset now) => new(
        "1.0", message.Id, $"{message.Origin.Source}/{message.Hook.App}", TypeOf(message),
        message.Event?.Promotion?.ToString() ?? message.Event?.Release?.ToString() ?? message.Hook.App.ToString(),
        (message.Event?.At ?? now).ToUniversalTime(), "application/json",
        message.Promotion is { Trace: { } trace } promotion ? trace.ContextOf(promotion.Id, SpanNames.Promotion) : null,
        CloudEventData.From(message));
}

/// <summary>Represents what happened. Fields are only ever added.</summary>
/// <param name="App">The app.</param>
/// <param name="Rack">The rack's name.</param>
/// <param name="Kind">The kind of event, as in <c>events --json</c>.</param>
/// <param name="By">Who caused the event.</param>
/// <param name="Detail">Details for people.</param>
/// <param name="Release">The release that the event is about.</param>
/// <param name="Promotion">The promotion that the event is about.</param>
public sealed record CloudEventData(
    string App, string Rack, string Kind, string? By, string? Detail, CloudEventRelease? Release, CloudEventPromotion? Promotion)
{
    internal static CloudEventData From(HookMessage message) => new(
        message.Hook.App.ToString(), message.Origin.Rack, message.Kind, message.Event?.By ?? message.Hook.CreatedBy,
        message.Event is { } what ? what.Detail : "this is a test",
        message.Release is { } release ? CloudEventRelease.From(release) : null,
        message.Promotion is { } promotion ? CloudEventPromotion.From(promotion, message.Outcome is not null) : null);
}

/// <summary>Represents a release in an event.</summary>
public sealed record CloudEventRelease(
    string Id, long Version, string Description, string? Commit, string? Build, DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static CloudEventRelease From(Release release) => new(
        release.Id.ToString(), release.Number, release.Description, release.Commit, release.Build?.ToString(),
        release.CreatedAt.ToUniversalTime(),
        release.CreatedBy);
}

/// <summary>Represents a promotion in an event; <c>status</c> and the fields after it are null until it has ended.</summary>
public sealed record CloudEventPromotion(
    string Id, string Release, string? Previous, string StartedBy, DateTimeOffset StartedAt, PromotionStatus? Status,
    DateTimeOffset? EndedAt,
    string? Reason, string? FailedService)
{
    internal static CloudEventPromotion From(Promotion promotion, bool ended) => new(
        promotion.Id.ToString(), promotion.Release.ToString(), promotion.Previous?.ToString(), promotion.StartedBy,
        promotion.StartedAt.ToUniversalTime(), ended ? promotion.Status : null, ended ? promotion.EndedAt?.ToUniversalTime() : null,
        ended ? promotion.Reason : null, ended ? promotion.FailedService?.ToString() : null);
}

/// <summary>The JSON serialization of hooks; source-generated for Native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(GitHubDeployment))]
[JsonSerializable(typeof(GitHubStatus))]
internal sealed partial class HookJson : JsonSerializerContext
{
    /// <summary>Escapes only what JSON requires, because the output is never embedded in a page.</summary>
    public static HookJson Readable => field ??= new(new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
