using System.Text.Json;

namespace Releases.Tasks;

/// <summary>Represents the command that starts the command-line tool from a build.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">The arguments that precede the tool's own.</param>
internal sealed record ToolCommand(string Program, string Arguments)
{
    private const string Name = "dotnet-convox";

    /// <summary>Finds the tool: the named one, else that of the local tool manifest, else the one on PATH.</summary>
    public static ToolCommand Find(string? named, string folder) =>
        named is { Length: > 0 } ? Named(named, folder) : InManifest(folder) ?? OnPath() ?? throw new Problem(
            ProblemCode.ToolNotFound,
            "dotnet-convox, which promotes, is neither in a local tool manifest nor on PATH; nothing was released.",
            "Set the property ConvoxToolPath, or install it: dotnet tool install --global dotnet-convox").ToException();

    private static ToolCommand Named(string path, string folder)
    {
        var full = Path.GetFullPath(path, folder);
        var program = Directory.Exists(full) ? ProgramIn(full) : full;
        return File.Exists(program) ? new(program, "") : throw new Problem(
            ProblemCode.ToolNotFound, $"ConvoxToolPath names {program}, which doesn't exist; nothing was released.",
            "Give the path of dotnet-convox or of its folder; dotnet tool install --tool-path <folder> dotnet-convox puts it there.")
            .ToException();
    }

    private static ToolCommand? InManifest(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            foreach (var file in new[] { Path.Combine(at.FullName, ".config", "dotnet-tools.json"),
                Path.Combine(at.FullName, "dotnet-tools.json") })
            {
                if (!File.Exists(file)) continue;
                using var manifest = Read(file);
                if (Lists(manifest.RootElement))
                    return new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", $"tool run {Name} --");
                if (manifest.RootElement is { ValueKind: JsonValueKind.Object } content && content.TryGetProperty("isRoot", out var root)
                    && root.ValueKind == JsonValueKind.True) return null;
            }
        }

        return null;
    }

    private static JsonDocument Read(string manifest)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(manifest),
                new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException malformed)
        {
            throw new Problem(
                ProblemCode.ToolNotFound, "the local tool manifest isn't valid JSON; nothing was released.",
                "Fix it, or set the property ConvoxToolPath.",
                Location: new(manifest, (int)(malformed.LineNumber ?? 0) + 1, (int)(malformed.BytePositionInLine ?? 0) + 1))
                .ToException(malformed);
        }
    }

    private static bool Lists(JsonElement manifest) =>
        manifest.ValueKind == JsonValueKind.Object
        && manifest.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Object
        && tools.EnumerateObject().Any(t => string.Equals(t.Name, Name, StringComparison.OrdinalIgnoreCase));

    private static ToolCommand? OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(ProgramIn).FirstOrDefault(File.Exists) is { } program ? new(program, "") : null;

    private static string ProgramIn(string folder) => Path.Combine(folder, OperatingSystem.IsWindows() ? Name + ".exe" : Name);
}
