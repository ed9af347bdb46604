using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Reads members of documents that AWS gave; what is absent is null or nothing.</summary>
internal static class JsonReading
{
    /// <summary>A list of nodes; a collection expression would add each as a value of its own type, which a native program cannot.</summary>
    public static JsonArray List(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static string? Text(this JsonNode? from, string member) => (from as JsonObject)?[member]?.GetValue<string>();

    public static int? Number(this JsonNode? from, string member) => (from as JsonObject)?[member] is not JsonValue value ? null
        : value.TryGetValue<int>(out var whole) ? whole
        : (int)value.GetValue<double>();

    public static bool Flag(this JsonNode? from, string member) => (from as JsonObject)?[member]?.GetValue<bool>() ?? false;

    /// <summary>Seconds since 1970, with fractions.</summary>
    public static DateTimeOffset? Time(this JsonNode? from, string member) =>
        (from as JsonObject)?[member]?.GetValue<double>() is { } seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    public static IEnumerable<JsonObject> Objects(this JsonNode? from, string member) => ((from as JsonObject)?[member] as JsonArray ?? []).OfType<JsonObject>();

    public static IEnumerable<string> Texts(this JsonNode? from, string member) => ((from as JsonObject)?[member] as JsonArray ?? []).Select(t => t!.GetValue<string>());
}
