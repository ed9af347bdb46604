namespace Releases;

/// <summary>One level of <c>convox.yml</c>: its values by key, once its keys have been looked at.</summary>
internal sealed class ManifestSection
{
    private const string ExtensionPrefix = "x-";

    private readonly Dictionary<string, YamlValue> _values = new(StringComparer.Ordinal);
    private Dictionary<string, YamlValue>? _extensions;

    private ManifestSection()
    {
    }

    /// <summary>The value of a key; null if it is absent or says null.</summary>
    public YamlValue? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>What a section without a key that begins with <c>x-</c> has of them.</summary>
    public static IReadOnlyDictionary<string, YamlValue> NoExtensions { get; } = new Dictionary<string, YamlValue>();

    /// <summary>The values of the keys that begin with <c>x-</c>.</summary>
    public IReadOnlyDictionary<string, YamlValue> Extensions => _extensions ?? NoExtensions;

    /// <summary>The keys that have a value.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>The values of a mapping; null (and a problem, unless there is no value at all) for anything else.</summary>
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

    /// <summary>The entries with those of <c>&lt;&lt;</c> after them: what a mapping states itself comes first and wins.</summary>
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
