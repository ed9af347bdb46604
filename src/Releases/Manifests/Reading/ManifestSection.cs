namespace Releases;

/// <summary>Represents one level of <c>convox.yml</c>: its values by key, after its keys were checked.</summary>
internal sealed class ManifestSection
{
    /// <summary>What the keys of others begin with.</summary>
    public const string ExtensionPrefix = "x-";

    private readonly Dictionary<string, YamlValue> _values = new(StringComparer.Ordinal);
    private Dictionary<string, YamlValue>? _extensions;

    private ManifestSection()
    {
    }

    /// <summary>Returns the value of a key, or null if it is absent or null.</summary>
    public YamlValue? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>The extensions of a section without keys that begin with <c>x-</c>.</summary>
    public static IReadOnlyDictionary<string, YamlValue> NoExtensions { get; } = new Dictionary<string, YamlValue>();

    /// <summary>The values of the keys that begin with <c>x-</c>.</summary>
    public IReadOnlyDictionary<string, YamlValue> Extensions => _extensions ?? NoExtensions;

    /// <summary>The keys that have a value.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Reads the values of a mapping. Returns null for anything else, with a problem unless there is no value at all.</summary>
    public static ManifestSection? Read(YamlValue? value, ManifestKeys known, ManifestDiagnostics diagnostics, string what)
    {
        if (value is null or YamlScalar { IsNull: true }) return null;
        if (value is not YamlMap map)
        {
            diagnostics.Error(value, $"expected keys and values for {what}.", $"Known keys: {string.Join(", ", known.Used)}.");
            return null;
        }

        var read = new ManifestSection();
        foreach (var (key, entry) in Merged(map, diagnostics)) read.Add(key, entry, known, diagnostics, what);
        return read;
    }

    private void Add(YamlScalar key, YamlValue value, ManifestKeys known, ManifestDiagnostics diagnostics, string what)
    {
        if (known.Used.Contains(key.Text, StringComparer.Ordinal))
        {
            if (value is not YamlScalar { IsNull: true }) _values.TryAdd(key.Text, value);
        }
        else if (known.Unused.Contains(key.Text, StringComparer.Ordinal))
        {
            diagnostics.Warn(key, $"'{key.Text}' isn't supported and is ignored.");
        }
        else if (known.Extensions && key.Text.StartsWith(ExtensionPrefix, StringComparison.Ordinal))
        {
            if (value is not YamlScalar { IsNull: true }) (_extensions ??= new(StringComparer.Ordinal)).TryAdd(key.Text, value);
        }
        else
        {
            var nearest = NearestName.Find(key.Text, known.Used.Concat(known.Unused));
            diagnostics.Error(
                key, $"{what} has no key '{key.Text}'.",
                nearest is not null ? $"Did you mean '{nearest}'?"
                : $"Known keys: {string.Join(", ", known.Used)}{(known.Extensions ? "; keys of your own begin with x-" : "")}.");
        }
    }

    /// <summary>Returns the entries, followed by those merged with <c>&lt;&lt;</c>: a mapping's own entries take precedence.</summary>
    public static IEnumerable<YamlEntry> Merged(YamlMap map, ManifestDiagnostics diagnostics)
    {
        var merged = new List<YamlEntry>();
        foreach (var entry in map.Entries.Where(e => IsMerge(e.Key)))
        {
            var sources = entry.Value is YamlList list ? list.Items : [entry.Value];
            foreach (var source in sources)
            {
                if (source is YamlMap other) merged.AddRange(Merged(other, diagnostics));
                else diagnostics.Error(entry.Key, "'<<' merges keys and values only.");
            }
        }

        var own = map.Entries.Where(e => !IsMerge(e.Key)).ToList();
        var stated = own.Select(e => e.Key.Text).ToHashSet(StringComparer.Ordinal);
        return own.Concat(merged.Where(e => stated.Add(e.Key.Text)));
    }

    private static bool IsMerge(YamlScalar key) => key is { Plain: true, Text: "<<" };
}
