using System.Text.Json;

namespace Releases;

/// <summary>Represents a package, project or runtime that a program depends on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Kind"><c>package</c>, <c>project</c>, <c>runtimepack</c>, <c>reference</c> or <c>framework</c>.</param>
/// <param name="Sha512">NuGet's hash of the package in Base64, or null if there is none.</param>
/// <param name="Needs">The keys of its own dependencies.</param>
internal sealed record ProgramDependency(string Name, string Version, string Kind, string? Sha512, IReadOnlyList<string> Needs)
{
    public string Key => $"{Name}/{Version}";
}

/// <summary>
/// Represents the dependencies of a published program, read from its <c>.deps.json</c> or else from what was restored for it.
/// </summary>
/// <param name="Program">The program itself.</param>
/// <param name="All">Everything else, sorted.</param>
internal sealed record ProgramDependencies(ProgramDependency Program, IReadOnlyList<ProgramDependency> All)
{
    /// <summary>Reads the dependencies; returns null if there is no file to read.</summary>
    public static ProgramDependencies? Read(PublishedProject program)
    {
        var name = program.AssemblyName;
        if (Either(Path.Combine(program.Folder, name + ".deps.json"), program.DependenciesFile) is not { } file) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = json.RootElement;
        if (!root.TryGetProperty("libraries", out var libraries) || Target(root) is not { } target) return null;
        var versions = target.EnumerateObject().Select(l => l.Name.Split('/', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => $"{g.First()[0]}/{g.First()[1]}", StringComparer.OrdinalIgnoreCase);
        List<ProgramDependency> all =
        [
            .. target.EnumerateObject().Select(l => Library(l, libraries, versions)).OfType<ProgramDependency>(),
            .. Frameworks(Either(Path.Combine(program.Folder, name + ".runtimeconfig.json"), program.RuntimeConfigFile)),
        ];
        var own = all.Find(d => d.Kind == "project" && d.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? new(name, Text(root, "project", "version") ?? "1.0.0", "project", null, Direct(root, versions));
        return new(own, [.. all.Where(d => d.Key != own.Key).OrderBy(d => d.Key, StringComparer.Ordinal)]);
    }

    /// <summary>A native program or a single file has no such file beside it, but the build's is still available.</summary>
    private static string? Either(string published, string? built) =>
        File.Exists(published) ? published : File.Exists(built) ? built : null;

    /// <summary>A target for a specific runtime is preferred because it is more exact.</summary>
    private static JsonElement? Target(JsonElement root)
    {
        if (!root.TryGetProperty("targets", out var targets)) return null;
        if (Text(root, "runtimeTarget", "name") is { } named && targets.TryGetProperty(named, out var exact)) return exact;
        return targets.EnumerateObject().OrderByDescending(t => t.Name.Contains('/', StringComparison.Ordinal))
            .Select(t => (JsonElement?)t.Value).FirstOrDefault();
    }

    private static ProgramDependency? Library(JsonProperty library, JsonElement libraries, Dictionary<string, string> versions)
    {
        if (library.Name.Split('/', 2) is not [var name, var version] || !libraries.TryGetProperty(library.Name, out var known))
            return null;
        var kind = Text(known, "type") ?? "package";
        var hash = Text(known, "sha512") is { Length: > 0 } text ? text.Replace("sha512-", "", StringComparison.Ordinal) : null;
        IEnumerable<string> needs = library.Value.TryGetProperty("dependencies", out var list)
            ? list.EnumerateObject().Select(d => versions.GetValueOrDefault(d.Name)).OfType<string>().Order(StringComparer.Ordinal) : [];
        return new(kind == "runtimepack" ? name.Replace("runtimepack.", "", StringComparison.Ordinal) : name, version, kind,
            hash, [.. needs]);
    }

    /// <summary>Returns the shared frameworks that a program needs on the machine.</summary>
    private static IEnumerable<ProgramDependency> Frameworks(string? file)
    {
        if (file is null) yield break;
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        if (!json.RootElement.TryGetProperty("runtimeOptions", out var options)) yield break;
        List<JsonElement> found = [.. options.TryGetProperty("frameworks", out var many) ? many.EnumerateArray() : default];
        if (options.TryGetProperty("framework", out var one)) found.Add(one);
        foreach (var framework in found)
            if (Text(framework, "name") is { } name && Text(framework, "version") is { } version)
                yield return new(name, version, "framework", null, []);
    }

    /// <summary>Returns the direct dependencies that an assets file lists for its project.</summary>
    private static List<string> Direct(JsonElement root, Dictionary<string, string> versions) =>
        root.TryGetProperty("projectFileDependencyGroups", out var groups)
            ? [.. groups.EnumerateObject().SelectMany(g => g.Value.EnumerateArray()).Select(d => d.GetString()!.Split(' ')[0])
                .Distinct(StringComparer.OrdinalIgnoreCase).Select(versions.GetValueOrDefault).OfType<string>()
                .Order(StringComparer.Ordinal)]
            : [];

    private static string? Text(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json)) return null;
        return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
    }
}
