using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Releases.Aws.Tests.Templates;

/// <summary>A template as CloudFormation reads it: short forms such as <c>!Ref</c> as what they stand for.</summary>
internal sealed partial class Template
{
    public Template(string text)
    {
        using var reader = new StringReader(text);
        var stream = new YamlStream();
        stream.Load(reader);
        Root = (JsonObject)Node(stream.Documents.Single().RootNode)!;
    }

    public JsonObject Root { get; }

    public JsonObject Parameters => Root[nameof(Parameters)]!.AsObject();

    public JsonObject Resources => Root[nameof(Resources)]!.AsObject();

    public IEnumerable<JsonObject> OfType(string type) => Resources.Select(r => r.Value!.AsObject()).Where(r => (string)r["Type"]! == type);

    public static JsonObject Properties(JsonObject resource) => resource["Properties"]?.AsObject() ?? [];

    /// <summary>What a part refers to: names of parameters and resources, and attributes as <c>Name.Attribute</c>.</summary>
    public static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } only when only["Ref"] is { } name => [(string)name!],
        JsonObject { Count: 1 } only when only["Fn::GetAtt"] is { } attribute => [(string)attribute!],
        JsonObject { Count: 1 } only when only["Fn::Sub"] is { } text =>
            Substituted().Matches((string)text!).Select(m => m.Groups[1].Value),
        JsonObject map => map.SelectMany(e => References(e.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    /// <summary>The statements of a policy: their actions, resources and condition.</summary>
    public static IEnumerable<(IReadOnlyList<string> Actions, JsonNode Resource, JsonNode? Condition)> Statements(JsonNode? document) =>
        document!["Statement"]!.AsArray().Select(s => (
            (IReadOnlyList<string>)[.. (s!["Action"] as JsonArray)?.Select(a => (string)a!) ?? [(string)s["Action"]!]],
            s["Resource"]!, s["Condition"]));

    private static JsonNode? Node(
        YamlNode node) => node.Tag is { IsEmpty: false, IsNonSpecific: false } tag && tag.Value is ['!', not '!', ..]
        ? new JsonObject { [tag.Value == "!Ref" ? "Ref" : tag.Value == "!Condition" ? "Condition" : $"Fn::{tag.Value[1..]}"] = Plain(node) }
        : Plain(node);

    private static JsonNode? Plain(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Node(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidOperationException($"{node.NodeType}"),
    };

    [GeneratedRegex(@"\$\{([^}!]+)\}")]
    private static partial Regex Substituted();
}
