using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>Serializes the documents that only the daemon reads and writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocalNotes))]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class DaemonJson : JsonSerializerContext;
