using System.Text.Json.Nodes;
using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>What docs/json.md has of docs/json.schema.json: the table of commands, and a section for each definition.</summary>
internal static class JsonPage
{
    /// <summary>The longest line of an example that has a value with parts on it.</summary>
    private const int Width = 110;

    /// <summary>The rows of the table of commands: those with the same output together.</summary>
    public static IEnumerable<string[]> Commands =>
        OutputSchema.Outputs.GroupBy(o => o.Value!.ToJsonString()).Select(g => new[]
        {
            string.Join(", ", g.Select(o => $"`{o.Key}`")), Output(g.First().Value!),
        }).Append(["any, on standard error", Kind(new JsonObject { ["$ref"] = $"#/$defs/{OutputSchema.Error}" })]);

    /// <summary>The sections, line by line.</summary>
    public static IEnumerable<string> Sections =>
        OutputSchema.Definitions.SelectMany((d, i) => Section(d.Key, d.Value!.AsObject()).Prepend("").Skip(i == 0 ? 1 : 0));

    /// <summary>The heading of the first one.</summary>
    public static string First => $"## {OutputSchema.Definitions.First().Key}";

    private static IEnumerable<string> Section(string name, JsonObject definition)
    {
        var what = (string)definition["description"]!;
        IEnumerable<string> lines = [$"## {name}", "", $"{char.ToUpperInvariant(what[0])}{what[1..]}."];
        if (definition["properties"] is JsonObject fields)
            lines = [.. lines, "", .. GoldenPart.Table(["field", "type", "meaning"],
                fields.Select(f => new[] { $"`{f.Key}`", Kind(f.Value!), Meaning(f.Value!) }))];
        return definition["examples"]?[0] is { } example ? [.. lines, "", "```json", .. Shown(example, 0, 0).Split('\n'), "```"] : lines;
    }

    private static string Meaning(JsonNode field) => (string)(field["description"] ?? Definition(field)["description"])!;

    private static JsonNode Definition(JsonNode schema) => OutputSchema.Definitions[NameOf(schema)]!;

    private static string NameOf(JsonNode schema) => ((string)schema["$ref"]!).Split('/')[^1];

    private static string Output(JsonNode schema)
    {
        var kind = schema["anyOf"] is JsonArray any ? Kind(any[0]!) : Kind(schema);
        return schema["description"] is { } more ? $"{kind}, {more}" : kind;
    }

    private static string Kind(JsonNode schema)
    {
        if (schema["$ref"] is not null) return $"[{NameOf(schema)}](#{NameOf(schema).ToLowerInvariant()})";
        if (schema["anyOf"] is JsonArray any) return string.Join(" or ", any.Select(s => Kind(s!)));
        if (schema["enum"] is JsonArray values) return values.Contains(null) ? "text or null" : "text";
        return schema["type"] is JsonArray types
            ? string.Join(" or ", types.Select(t => Kind((string)t!, schema)))
            : Kind((string)schema["type"]!, schema);
    }

    private static string Kind(string type, JsonNode schema) => type switch
    {
        "string" => (string?)schema["format"] == "date-time" ? "time" : "text",
        "integer" or "number" => "number",
        "boolean" => "true or false",
        "array" => $"list of {Kind(schema["items"]!)}",
        _ => type,
    };

    /// <summary>A value, with what is small within it on one line.</summary>
    private static string Shown(JsonNode? value, int indent, int lead)
    {
        var parts = value switch
        {
            JsonObject fields => fields.Select(f => (Name: $"{Text(f.Key)}: ", f.Value)).ToList(),
            JsonArray items => items.Select(i => (Name: "", Value: i)).ToList(),
            _ => [],
        };
        if (parts.Count == 0) return Text(value);
        var (open, close) = value is JsonObject ? ("{", "}") : ("[", "]");
        var space = value is JsonObject ? " " : "";
        var line = $"{open}{space}{string.Join(", ", parts.Select(p => p.Name + Text(p.Value)))}{space}{close}";
        if (indent > 0 && indent + lead + line.Length <= Width && parts.All(p => p.Value is not (JsonObject or JsonArray) || IsEmpty(p.Value)))
            return line;
        var inner = new string(' ', indent + 2);
        var shown = parts.Select(p => $"{inner}{p.Name}{Shown(p.Value, indent + 2, p.Name.Length)}");
        return $"{open}\n{string.Join(",\n", shown)}\n{inner[2..]}{close}";
    }

    private static bool IsEmpty(JsonNode value) => value is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static string Text(JsonNode? value) => value?.ToJsonString(OutputJson.OneLine.Options) ?? "null";
}
