using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Releases.Testing;

namespace Releases.Tests.Manifests;

/// <summary>The schema of <c>convox.yml</c> as an editor uses it: on the JSON that YAML 1.2 makes of a text.</summary>
internal static partial class ManifestSchema
{
    public static bool Accepts(string text) => ConvoxSchema.File.Accepts(Json(text));

    private static JsonElement Json(string text)
    {
        var diagnostics = new ManifestDiagnostics(ConvoxSchema.FileName);
        var tree = YamlReader.Read(text, diagnostics);
        return diagnostics.Problems.Count == 0
            ? JsonSerializer.SerializeToElement(tree is null ? null : Node(tree))
            : throw new ArgumentException($"{diagnostics.Problems[0].Message}\n{text}", nameof(text));
    }

    private static JsonNode? Node(YamlValue value) => value switch
    {
        YamlList list => new JsonArray([.. list.Items.Select(Node)]),
        YamlMap map => Object(map),
        YamlScalar scalar => Scalar(scalar),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static JsonObject Object(YamlMap map)
    {
        var json = new JsonObject();
        foreach (var entry in map.Entries.Where(e => e.Key.Text != "<<")) json[entry.Key.Text] = Node(entry.Value);
        foreach (var entry in map.Entries.Where(e => e.Key.Text == "<<"))
            foreach (var source in entry.Value is YamlList list ? list.Items : [entry.Value])
                foreach (var (key, merged) in Object((YamlMap)source))
                    if (!json.ContainsKey(key)) json[key] = merged?.DeepClone();
        return json;
    }

    /// <summary>The types of YAML's core schema.</summary>
    private static JsonValue? Scalar(YamlScalar scalar) => scalar switch
    {
        { IsNull: true } => null,
        { Plain: true, Text: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" } => JsonValue.Create(bool.Parse(scalar.Text)),
        { Plain: true } when Number().IsMatch(scalar.Text) =>
            JsonValue.Create(decimal.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(scalar.Text),
    };

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?\z")]
    private static partial Regex Number();
}
