using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Releases.Testing;

/// <summary>A JSON schema among the docs.</summary>
public sealed class SchemaFile
{
    private static readonly EvaluationOptions EveryProblem = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema;

    private SchemaFile(JsonObject json) =>
        (Json, _schema) = (json, JsonSchema.FromText(json.ToJsonString(), new() { SchemaRegistry = new() }));

    /// <summary>The schema itself.</summary>
    public JsonObject Json { get; }

    /// <summary>The schema in a file of docs.</summary>
    public static SchemaFile Read(string name) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", name)))!.AsObject());

    /// <summary>A schema that is made of this one's definitions.</summary>
    public SchemaFile Of(JsonNode schema) =>
        new(new()
        {
            ["$schema"] = Json["$schema"]?.DeepClone(),
            ["$defs"] = Json["$defs"]?.DeepClone(),
            ["allOf"] = new JsonArray(schema.DeepClone())
        });

    /// <summary>What the schema has against a value, with the place of each; nothing where it is valid.</summary>
    public IReadOnlyList<string> Problems(JsonElement value)
    {
        var results = _schema.Evaluate(value, EveryProblem);
        return results.IsValid
            ? []
            : [.. (results.Details ?? []).SelectMany(d => d.Errors?.Select(e => $"{d.InstanceLocation}: {e.Value}") ?? [])];
    }

    /// <summary>Whether it is valid; not the same as no <see cref="Problems"/> as a failed branch may leave no text.</summary>
    public bool Accepts(JsonElement value) => _schema.Evaluate(value).IsValid;
}
