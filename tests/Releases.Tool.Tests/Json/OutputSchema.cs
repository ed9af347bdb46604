using System.Text.Json;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>docs/json.schema.json, and which of its fields were seen with a value and which without.</summary>
internal sealed class OutputSchema
{
    /// <summary>What is printed on standard error.</summary>
    public const string Error = "error";

    private static readonly SchemaFile File = SchemaFile.Read("json.schema.json");

    private readonly SortedSet<string> _values = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _nulls = new(StringComparer.Ordinal);

    /// <summary>The schema of each command's output.</summary>
    public static JsonObject Outputs => File.Json["x-outputs"]!.AsObject();

    /// <summary>What the outputs are made of.</summary>
    public static JsonObject Definitions => File.Json["$defs"]!.AsObject();

    /// <summary>Every field, as <c>promotion.reason</c>.</summary>
    public static IEnumerable<string> Fields => Definitions.SelectMany(d => Properties(d.Value!).Select(p => $"{d.Key}.{p.Key}"));

    /// <summary>Those that may be null.</summary>
    public static IEnumerable<string> Nullable =>
        Definitions.SelectMany(d => Properties(d.Value!).Where(p => MayBeNull(p.Value!)).Select(p => $"{d.Key}.{p.Key}"));

    /// <summary>The fields that were seen with a value; of a list, with an item.</summary>
    public IEnumerable<string> SeenWithValue => _values;

    /// <summary>The fields that were seen without one.</summary>
    public IEnumerable<string> SeenWithout => _nulls;

    /// <summary>Fails where a text is not JSON as the schema has it for this command.</summary>
    public void RequireOutput(string command, string text) => Require(command, Outputs[command]!, text);

    /// <summary>Fails where a text is not JSON of this definition.</summary>
    public void Require(string definition, string text) => Require(definition, new JsonObject { ["$ref"] = $"#/$defs/{definition}" }, text);

    private void Require(string what, JsonNode schema, string text)
    {
        var (value, file) = (JsonDocument.Parse(text).RootElement, File.Of(schema));
        Assert.True(file.Accepts(value), $"This is not {what} as its schema has it: {string.Join("; ", file.Problems(value))}\n{text}");
        Note(value, schema, null);
    }

    private void Note(JsonElement value, JsonNode schema, string? name)
    {
        if ((schema["$ref"] ?? schema["anyOf"]?[0]?["$ref"]) is { } reference)
        {
            var definition = ((string)reference!).Split('/')[^1];
            Note(value, Definitions[definition]!, definition);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) Note(item, schema["items"]!, null);
        }
        else if (value.ValueKind == JsonValueKind.Object && name is not null)
        {
            foreach (var (property, about) in Properties(schema))
            {
                var field = value.GetProperty(property);
                if (field.ValueKind == JsonValueKind.Null) _nulls.Add($"{name}.{property}");
                else if (field.ValueKind != JsonValueKind.Array || field.GetArrayLength() > 0) _values.Add($"{name}.{property}");
                Note(field, about!, null);
            }
        }
    }

    private static JsonObject Properties(JsonNode definition) => definition["properties"]?.AsObject() ?? [];

    private static bool MayBeNull(JsonNode schema) =>
        schema["type"] is JsonArray types ? types.Any(t => (string?)t == "null")
            : schema["anyOf"] is JsonArray any ? any.Any(s => (string?)s!["type"] == "null")
            : schema["enum"] is JsonArray values && values.Any(v => v is null);
}
