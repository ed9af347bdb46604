using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// The JSON serialization of stored documents: camel case, nulls omitted, unknown fields kept; source-generated for Native AOT.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(App))]
[JsonSerializable(typeof(Artifact))]
[JsonSerializable(typeof(Build))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Promotion))]
[JsonSerializable(typeof(PromotionLock))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(Hook))]
[JsonSerializable(typeof(HookProgress))]
[JsonSerializable(typeof(RackAgent))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
public sealed partial class StoreJson : JsonSerializerContext;
