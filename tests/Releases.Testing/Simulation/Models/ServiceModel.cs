using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Models;

/// <summary>An operation of a service: what it takes, what it gives, and the errors that it may answer with.</summary>
/// <param name="Service">The service's id, as <c>ECS</c>.</param>
/// <param name="Name">The operation.</param>
/// <param name="Target">The value of <c>X-Amz-Target</c>; <c>STS.AssumeRole</c> for a service that has no such header.</param>
/// <param name="Input">Null: it takes nothing.</param>
/// <param name="Output">Null: it gives nothing.</param>
/// <param name="Errors">The codes of its errors.</param>
internal sealed record ModelOperation(string Service, string Name, string Target, Shape? Input, Shape? Output, IReadOnlySet<string> Errors);

/// <summary>The model of one service, as AWS publishes it.</summary>
internal static class ServiceModel
{
    public static IEnumerable<ModelOperation> Read(string file)
    {
        var model = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
        var service = model["metadata"]!["serviceId"]!.GetValue<string>();
        var prefix = model["metadata"]!["targetPrefix"]?.GetValue<string>() ?? service;
        NewerThanTheModels.AddTo(service, model);
        var shapes = new ShapeReader(model["shapes"]!.AsObject());
        return model["operations"]!.AsObject().Select(o => new ModelOperation(
            service, o.Key, $"{prefix}.{o.Key}", Document(o.Value!, "input"), Document(o.Value!, "output"),
            (o.Value!["errors"]?.AsArray() ?? []).Select(e => NameOf(e!)).ToHashSet())).ToList();

        Shape? Document(JsonNode operation, string member) => operation[member] is { } shape ? shapes.Document(NameOf(shape)) : null;
    }

    /// <summary>A shape's name, which botocore writes as <c>{"shape": …}</c> with prose beside it, and a reduced model as it is.</summary>
    private static string NameOf(JsonNode shape) => (shape is JsonObject described ? described["shape"]! : shape).GetValue<string>();
}
