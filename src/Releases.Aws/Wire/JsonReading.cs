using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Reads members of documents from AWS. An absent member is null or empty, and one with another type is unreadable.</summary>
internal static class JsonReading
{
    /// <summary>
    /// Creates a list of nodes. A collection expression would add each as a value of its own type, which isn't possible in a native
    /// program.
    /// </summary>
    public static JsonArray List(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static string? Text(this JsonNode? from, string member) =>
        Member(from, member) is { } value ? Read<string>(value, member) : null;

    public static int? Number(this JsonNode? from, string member) => Member(from, member) is not { } value ? null
        : value is JsonValue number && number.TryGetValue<int>(out var whole) ? whole
        : (int)Read<double>(value, member);

    public static long Long(this JsonNode? from, string member) => Member(from, member) is { } value ? Read<long>(value, member) : 0;

    public static bool Flag(this JsonNode? from, string member) => Member(from, member) is { } value && Read<bool>(value, member);

    /// <summary>Reads seconds since 1970, with fractions.</summary>
    public static DateTimeOffset? Time(this JsonNode? from, string member) =>
        Member(from, member) is { } value ? DateTimeOffset.UnixEpoch.AddSeconds(Read<double>(value, member)) : null;

    public static IEnumerable<JsonObject> Objects(this JsonNode? from, string member) => Items(from, member).OfType<JsonObject>();

    public static IEnumerable<string> Texts(this JsonNode? from, string member) =>
        Items(from, member).OfType<JsonNode>().Select(t => Read<string>(t, member));

    private static JsonNode? Member(JsonNode? from, string member) => (from as JsonObject)?[member];

    private static JsonArray Items(JsonNode? from, string member) => Member(from, member) switch
    {
        null => [],
        JsonArray items => items,
        _ => throw new UnreadableResponseException($"its '{member}' is not a list"),
    };

    private static T Read<T>(JsonNode value, string member) =>
        value is JsonValue single && single.TryGetValue<T>(out var read) ? read : throw new UnreadableResponseException(
            $"its '{member}' has another type");
}
