using System.Text.Json;

namespace Releases;

/// <summary>
/// Writes the components of a program as a CycloneDX 1.6 bill of materials. The same program gives the same bytes, so there is neither a
/// time nor a serial number.
/// </summary>
internal static class BillOfMaterials
{
    public static byte[] Write(ProgramDependencies dependencies)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.6");
            json.WriteNumber("version", 1);
            json.WriteStartObject("metadata");
            json.WritePropertyName("component");
            Component(json, dependencies.Program, "application");
            json.WriteEndObject();
            json.WriteStartArray("components");
            foreach (var one in dependencies.All) Component(json, one, one.Kind == "framework" ? "framework" : "library");
            json.WriteEndArray();
            Graph(json, dependencies);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Component(Utf8JsonWriter json, ProgramDependency one, string type)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("bom-ref", one.Key);
        json.WriteString("name", one.Name);
        json.WriteString("version", one.Version);
        if (one.Kind is "package" or "runtimepack")
            json.WriteString("purl", $"pkg:nuget/{Uri.EscapeDataString(one.Name)}@{Uri.EscapeDataString(one.Version)}");
        if (one.Sha512 is { } hash)
        {
            json.WriteStartArray("hashes");
            json.WriteStartObject();
            json.WriteString("alg", "SHA-512");
            json.WriteString("content", Convert.ToHexStringLower(Convert.FromBase64String(hash)));
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The program depends on what it names, and on the frameworks and runtime packs, which no component names.</summary>
    private static void Graph(Utf8JsonWriter json, ProgramDependencies dependencies)
    {
        var known = dependencies.All.Select(d => d.Key).ToHashSet(StringComparer.Ordinal);
        var platform = dependencies.All.Where(d => d.Kind is "framework" or "runtimepack").Select(d => d.Key);
        json.WriteStartArray("dependencies");
        Needs(json, dependencies.Program.Key, dependencies.Program.Needs.Where(known.Contains).Union(platform));
        foreach (var one in dependencies.All) Needs(json, one.Key, one.Needs.Where(known.Contains));
        json.WriteEndArray();
    }

    private static void Needs(Utf8JsonWriter json, string key, IEnumerable<string> needs)
    {
        json.WriteStartObject();
        json.WriteString("ref", key);
        json.WriteStartArray("dependsOn");
        foreach (var need in needs.Order(StringComparer.Ordinal)) json.WriteStringValue(need);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
