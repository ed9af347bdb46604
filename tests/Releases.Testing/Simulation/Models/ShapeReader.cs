using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Models;

/// <summary>Makes shapes from a model, each once, since they refer to each other and to themselves.</summary>
internal sealed class ShapeReader(JsonObject shapes)
{
    private readonly Dictionary<string, Shape> _made = [];

    /// <summary>What an operation takes or gives, where a structure without members is an empty one.</summary>
    public Shape Document(string name) => shapes[name]!["members"] is JsonObject { Count: 0 } ? new StructureShape() : Find(name);

    private Shape Find(string name)
    {
        if (_made.TryGetValue(name, out var made)) return made;
        var model = shapes[name]!.AsObject();
        var type = model["type"]!.GetValue<string>();
        _made[name] = made = type switch
        {
            // Elsewhere it stands for a document of the caller's own, as a hook's details.
            "structure" when model["members"]!.AsObject().Count == 0 => new AnyShape(),
            "structure" => new StructureShape(),
            "list" => new ListShape(),
            "map" => new MapShape(),
            "string" => new StringShape(Texts(model["enum"]), model["pattern"]?.GetValue<string>()),
            "blob" => new BlobShape(),
            "boolean" => new BooleanShape(),
            "integer" or "long" => new NumberShape(type, isWhole: true),
            "double" or "float" or "timestamp" => new NumberShape(type, isWhole: false),
            _ => throw new InvalidOperationException($"The model's shape {name} has the unknown type {type}."),
        };
        (made.Min, made.Max) = (model["min"]?.GetValue<double>(), model["max"]?.GetValue<double>());
        Fill(made, model);
        return made;
    }

    private void Fill(Shape made, JsonObject model)
    {
        switch (made)
        {
            case StructureShape structure:
                foreach (var (member, its) in model["members"]!.AsObject())
                    structure.Members[member] = Find(its!["shape"]!.GetValue<string>());
                structure.Required = Texts(model["required"]) ?? [];
                break;
            case ListShape list:
                list.Item = Find(model["member"]!["shape"]!.GetValue<string>());
                break;
            case MapShape map:
                map.Key = Find(model["key"]!["shape"]!.GetValue<string>());
                map.Value = Find(model["value"]!["shape"]!.GetValue<string>());
                break;
        }
    }

    private static string[]? Texts(JsonNode? list) => list is JsonArray texts ? [.. texts.Select(t => t!.GetValue<string>())] : null;
}
