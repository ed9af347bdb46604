using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Releases.Testing.Simulation.Models;

/// <summary>Documents of the Query protocol (a form, and XML) as JSON, by the shapes that they have in the model.</summary>
internal static class QueryDocument
{
    private static readonly string[] Protocol = ["Action", "Version"];

    /// <summary>A form, in which a list's items are <c>Tags.member.1</c> and a structure's members <c>Tags.member.1.Key</c>.</summary>
    public static byte[] From(IEnumerable<KeyValuePair<string, string>> form, Shape? shape)
    {
        var tree = new XElement("form");
        foreach (var (name, value) in form.Where(f => !Protocol.Contains(f.Key)))
        {
            var at = tree;
            // A number is one item of the list before it, and XML has each as a <member>.
            foreach (var part in name.Split('.').Where(p => p != "member"))
                at = int.TryParse(part, out var number) ? Item(at, number) : Child(at, part);
            at.Value = value;
        }

        return Encode(Convert(tree, shape));
    }

    public static byte[] From(XElement? result, Shape? shape) => Encode(Convert(result ?? new("result"), shape));

    private static JsonNode? Convert(XElement element, Shape? shape) => shape switch
    {
        StructureShape structure => new JsonObject(element.Elements().Select(
            e => KeyValuePair.Create(e.Name.LocalName, Convert(e, structure.Members.GetValueOrDefault(e.Name.LocalName))))),
        ListShape list => new JsonArray([.. element.Elements().Select(e => Convert(e, list.Item))]),
        BooleanShape when bool.TryParse(element.Value, out var truth) => JsonValue.Create(truth),
        NumberShape number when number.Parse(element.Value) is { } parsed => JsonValue.Create(parsed),
        _ => JsonValue.Create(element.Value),
    };

    private static XElement Child(XElement at, string name)
    {
        if (at.Element(name) is { } there) return there;
        var made = new XElement(name);
        at.Add(made);
        return made;
    }

    private static XElement Item(XElement at, int number)
    {
        while (at.Elements("member").Count() < number) at.Add(new XElement("member"));
        return at.Elements("member").ElementAt(number - 1);
    }

    private static byte[] Encode(JsonNode? document) => JsonSerializer.SerializeToUtf8Bytes(document ?? new JsonObject());
}
