using System.Text.Json;

namespace Releases;

/// <summary>
/// Represents the keys of one level of <c>convox.yml</c>. docs/convox.schema.json declares them, for editors and for the reader alike.
/// </summary>
/// <param name="Used">The keys that are supported.</param>
/// <param name="Unused">The keys of Convox that aren't supported here.</param>
/// <param name="Extensions">Whether keys that begin with <c>x-</c> are extensions, as in Compose, and are kept as they are.</param>
internal sealed record ManifestKeys(IReadOnlyList<string> Used, IReadOnlyList<string> Unused, bool Extensions = false)
{
    private const string SchemaName = "convox.schema.json";
    private const string Ignored = "#/definitions/ignored";

    /// <summary>The levels by their path: <c>service.health</c>, and an empty one for the file itself.</summary>
    private static readonly Dictionary<string, ManifestKeys> Levels = ReadLevels();

    public static ManifestKeys Top { get; } = At("");

    public static ManifestKeys RollbackLimit { get; } = At("x-convox");

    public static ManifestKeys Service { get; } = At("service");

    public static ManifestKeys Build { get; } = At("service.build");

    public static ManifestKeys Port { get; } = At("service.port");

    public static ManifestKeys Health { get; } = At("service.health");

    public static ManifestKeys Scale { get; } = At("service.scale");

    public static ManifestKeys Count { get; } = At("service.scale.count");

    public static ManifestKeys Targets { get; } = At("service.scale.targets");

    public static ManifestKeys Deployment { get; } = At("service.deployment");

    public static ManifestKeys Judge { get; } = At("service.deployment.judge");

    public static ManifestKeys Termination { get; } = At("service.termination");

    /// <summary>Returns the keys of a level.</summary>
    public static ManifestKeys At(string path) => Levels[path];

    private static Dictionary<string, ManifestKeys> ReadLevels()
    {
        using var stream = typeof(ManifestKeys).Assembly.GetManifestResourceStream(SchemaName)!;
        using var schema = JsonDocument.Parse(stream);
        var levels = new Dictionary<string, ManifestKeys>(StringComparer.Ordinal);
        AddLevels("", schema.RootElement, levels);
        AddLevels("service", schema.RootElement.GetProperty("definitions").GetProperty("service"), levels);
        return levels;
    }

    private static void AddLevels(string path, JsonElement level, Dictionary<string, ManifestKeys> levels)
    {
        if (!level.TryGetProperty("properties", out var properties)) return;
        var keys = properties.EnumerateObject().Where(p => !p.Name.StartsWith(ManifestSection.ExtensionPrefix, StringComparison.Ordinal))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ToLookup(p => IsIgnored(p.Value), p => p.Name);
        levels[path] = new([.. keys[false]], [.. keys[true]], Extensions: level.TryGetProperty("patternProperties", out _));
        foreach (var property in properties.EnumerateObject())
            AddLevels(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value, levels);
    }

    private static bool IsIgnored(JsonElement key) => key.TryGetProperty("$ref", out var reference) && reference.ValueEquals(Ignored);
}
