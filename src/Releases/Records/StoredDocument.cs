using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Releases;

/// <summary>
/// Represents a stored record that keeps the fields of a later version when it is read and written. A field that an earlier version didn't
/// write is absent, and the serializer then sets null despite the initializer, so the getters provide the defaults.
/// </summary>
public abstract record Extensible
{
    /// <summary>Fields that this version doesn't know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>
/// Represents a stored document with a format number. Within a major version, changes only add fields. A document that older versions can't
/// read, for example because of a new kind of event, is written with a higher number, so that they report it as newer, not as damaged.
/// </summary>
public abstract record StoredDocument : Extensible
{
    /// <summary>The format that this version writes by default.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format number of this document.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>
    /// Reads a document. Fails with <see cref="ProblemCode.NewerFormat"/>, or with <see cref="JsonException"/> if it is damaged.
    /// </summary>
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
            // It isn't JSON, so it is damaged, whichever version wrote it.
            return false;
        }
    }
}
