using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Writes spans as OTLP in JSON: ids are hex digits, 64-bit integers are strings, and enums are numbers.</summary>
internal static class OtlpDocument
{
    private const int Internal = 1, Failed = 2;

    /// <summary>Returns the body of a request to <c>/v1/traces</c>.</summary>
    public static byte[] Write(IEnumerable<Span> spans, string traceId, IEnumerable<KeyValuePair<string, object>> resource) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new OtlpRequest(
            [
                new(new(Attributes(resource)), [new(new("dotnet-convox", ToolVersion.Text), [.. spans.Select(s => Of(s, traceId))])]),
            ]),
            OtlpJson.Default.OtlpRequest);

    private static OtlpSpan Of(Span span, string traceId) => new(
        traceId, span.Id, span.Parent, span.Name, Internal, Nanoseconds(span.Start), Nanoseconds(span.End), Attributes(span.Attributes),
        [.. span.Events.Select(e => new OtlpEvent(Nanoseconds(e.At), e.Name))], span.Error is { } error ? new(Failed, error) : null);

    private static IReadOnlyList<OtlpAttribute> Attributes(IEnumerable<KeyValuePair<string, object>> attributes) =>
    [
        .. attributes.Select(a => new OtlpAttribute(a.Key, a.Value is long number
            ? new(null, number.ToString(CultureInfo.InvariantCulture))
            : new((string)a.Value, null))),
    ];

    private static string Nanoseconds(DateTimeOffset at) =>
        ((at - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);
}

internal sealed record OtlpRequest(IReadOnlyList<OtlpResourceSpans> ResourceSpans);

internal sealed record OtlpResourceSpans(OtlpResource Resource, IReadOnlyList<OtlpScopeSpans> ScopeSpans);

internal sealed record OtlpResource(IReadOnlyList<OtlpAttribute> Attributes);

internal sealed record OtlpScopeSpans(OtlpScope Scope, IReadOnlyList<OtlpSpan> Spans);

internal sealed record OtlpScope(string Name, string Version);

internal sealed record OtlpSpan(
    string TraceId, string SpanId, string? ParentSpanId, string Name, int Kind, string StartTimeUnixNano, string EndTimeUnixNano,
    IReadOnlyList<OtlpAttribute> Attributes, IReadOnlyList<OtlpEvent> Events, OtlpStatus? Status);

internal sealed record OtlpEvent(string TimeUnixNano, string Name);

internal sealed record OtlpStatus(int Code, string Message);

internal sealed record OtlpAttribute(string Key, OtlpValue Value);

internal sealed record OtlpValue(string? StringValue, string? IntValue);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OtlpRequest))]
internal sealed partial class OtlpJson : JsonSerializerContext;
