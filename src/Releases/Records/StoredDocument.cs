using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Releases;

/// <summary>
/// A stored record, with room for the fields of a later version: they survive a read and a write. A field that an earlier
/// version did not write is absent, and the serializer then sets null whatever the initializer says: so getters have the defaults.
/// </summary>
public abstract record Extensible
{
    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>
/// A stored document of its own, which carries a format number. Within a major version changes only add: a document with what an
/// older version cannot read past, such as a new kind of event, is written with a higher number, so that it is refused as newer.
/// </summary>
public abstract record StoredDocument : Extensible
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format number of this document.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Reads a document. Fails with <see cref="ProblemCode.NewerFormat"/>, or with <see cref="JsonException"/> where it is
    /// damaged.</summary>
    public static T Read<T>(string text, JsonTypeInfo<T> type) where T : StoredDocument
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException($"A {typeof(T).Name} is null.");
        }
        catch (JsonException unreadable) when (IsNewer(text))
        {
            throw NewerFormat.Refusal(
                $"a record of the rack ({typeof(T).Name}) was written by a newer version, and {ToolVersion.Text} can't read it. Running "
                    + "services are not affected.").ToException(unreadable);
        }
    }

    private static bool IsNewer(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) && number > CurrentFormat;
        }
        catch (JsonException)
        {
            // Not JSON at all: damaged, whoever wrote it.
            return false;
        }
    }
}
