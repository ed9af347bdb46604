using System.Text.Json.Nodes;

namespace Releases.Testing;

/// <summary>docs/convox.schema.json, which has one entry for each key of <c>convox.yml</c>, and what documents say of it.</summary>
public static class ConvoxSchema
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "convox.schema.json";

    /// <summary>The file.</summary>
    public static SchemaFile File { get; } = SchemaFile.Read(FileName);

    /// <summary>Every key that is used, by its path: <c>services</c>, and of a service <c>health.host</c>.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Keys => Below("", File.Json).Concat(ServiceKeys);

    /// <summary>Those of a service.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> ServiceKeys => Below("", At("#/definitions/service"));

    /// <summary>Every level of keys by its path: <c>service.health</c>, and an empty one for the file itself.</summary>
    public static IEnumerable<string> Levels => Below("", File.Json).Concat(Below("service.", At("#/definitions/service")))
        .Where(k => k.Schema["properties"] is not null).Select(k => k.Path).Prepend("service").Prepend("");

    /// <summary>The entry of a key, also where several share it.</summary>
    public static JsonObject Resolved(JsonNode schema) => schema["$ref"] is { } reference ? At((string)reference!) : schema.AsObject();

    /// <summary>The part of the schema at a place, such as <c>#/definitions/service</c>.</summary>
    public static JsonObject At(string place) =>
        place.Split('/').Skip(1).Aggregate((JsonNode)File.Json, (node, key) => node[key]!).AsObject();

    private static IEnumerable<(string Path, JsonObject Schema)> Below(string path, JsonNode level) =>
        (level["properties"]?.AsObject() ?? []).Where(p => (string?)p.Value!["$ref"] != "#/definitions/ignored").SelectMany(p =>
            Below($"{path}{p.Key}.", p.Value!).Prepend((path + p.Key, p.Value!.AsObject())));
}
