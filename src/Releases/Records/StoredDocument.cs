using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// A stored record, with room for the fields of a later version: they survive a read and a write. A field that an earlier
/// version did not write is absent, and the serializer then sets null whatever the initializer says: so defaults stand in getters.
/// </summary>
public abstract record Extensible
{
    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A stored document of its own, which carries a format number. Within a major version changes only add.</summary>
public abstract record StoredDocument : Extensible
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format number of this document.</summary>
    public int Format { get; init; } = CurrentFormat;
}
