using System.Reflection;
using System.Text.Json;
using Json.Schema;

namespace Releases.Testing;

/// <summary>The schema of CycloneDX 1.6 as the project CycloneDX ships it in its own tool.</summary>
public static class CycloneDxSchema
{
    private static readonly EvaluationOptions EveryProblem = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private static readonly Lazy<JsonSchema> Schema = new(Load);

    /// <summary>What the schema has against a bill of materials, with the place of each; nothing where it is valid.</summary>
    public static IReadOnlyList<string> Problems(ReadOnlyMemory<byte> bom)
    {
        using var document = JsonDocument.Parse(bom);
        var results = Schema.Value.Evaluate(document.RootElement, EveryProblem);
        if (results.IsValid) return [];
        return [.. (results.Details ?? []).SelectMany(
            d => d.Errors?.Select(e => $"{d.InstanceLocation}: {e.Value}") ?? []).DefaultIfEmpty("it isn't valid")];
    }

    /// <summary>The schema refers to two others, which are built first.</summary>
    private static JsonSchema Load()
    {
        var tool = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "cyclonedx", "CycloneDX.Core.dll"));
        var options = new BuildOptions { SchemaRegistry = new() };
        return new[] { "spdx", "jsf-0.82", "bom-1.6" }.Select(name => JsonSchema.FromText(Text(tool, name), options)).Last();
    }

    private static string Text(Assembly tool, string name)
    {
        using var stream = tool.GetManifestResourceStream($"CycloneDX.Core.Schemas.{name}.schema.json")
            ?? throw new FileNotFoundException($"The tool of CycloneDX has no schema {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
