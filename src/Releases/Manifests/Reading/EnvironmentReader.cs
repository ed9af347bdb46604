namespace Releases;

/// <summary>
/// Reads <c>environment</c>: a list of <c>KEY</c>, <c>KEY=default</c> and <c>*</c>, in which nested lists are flattened; or, as in Compose,
/// keys with their defaults.
/// </summary>
internal sealed class EnvironmentReader
{
    private readonly ManifestDiagnostics _diagnostics;
    private readonly List<EnvironmentDeclaration> _declared = [];

    /// <summary>Keys that this level states itself. A key that a nested list repeats isn't a duplicate.</summary>
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    private EnvironmentReader(ManifestDiagnostics diagnostics) => _diagnostics = diagnostics;

    public static IReadOnlyList<EnvironmentDeclaration> Read(YamlValue? value, ManifestDiagnostics diagnostics)
    {
        var reading = new EnvironmentReader(diagnostics);
        switch (value)
        {
            case null:
                break;
            case YamlList list:
                reading.ReadItems(list, isOwn: true);
                break;
            case YamlMap map:
                foreach (var (key, entry) in ManifestSection.Merged(map, diagnostics)) reading.ReadEntry(key, entry);
                break;
            default:
                diagnostics.Error(value, "'environment' must be a list.", "Write each variable as '- KEY' (required) or '- KEY=default'.");
                break;
        }

        if (reading._declared.Count == 0) return [];
        return reading._declared;
    }

    /// <summary>
    /// Flattens nested lists as Convox does, so that a shared list can be an item: <c>[*common, C=3]</c>. The last entry wins.
    /// </summary>
    private void ReadItems(YamlList list, bool isOwn)
    {
        foreach (var item in list.Items)
        {
            if (item is YamlList shared) ReadItems(shared, isOwn: false);
            else if (item is YamlScalar { IsNull: false } scalar) ReadItem(scalar, isOwn);
            else _diagnostics.Error(item, "expected a variable here.", FormOf(item));
        }
    }

    private static string FormOf(YamlValue item) => item switch
    {
        YamlMap { Entries: [var (key, _)] } when key.Text.Contains('=', StringComparison.Ordinal) =>
            "YAML reads ': ' as a key and its value. Quote the variable.",
        YamlMap { Entries: [var (key, _)] } => $"Write '- {key.Text}=default'.",
        _ => "Write '- KEY' (required) or '- KEY=default'.",
    };

    private void ReadItem(YamlScalar item, bool isOwn)
    {
        var equals = item.Text.IndexOf('=', StringComparison.Ordinal);
        var key = (equals < 0 ? item.Text : item.Text[..equals]).Trim();
        Add(item, key, item, equals < 0 ? null : item.Text[(equals + 1)..], isOwn);
    }

    private void ReadEntry(YamlScalar key, YamlValue value)
    {
        if (value is YamlScalar scalar) Add(key, key.Text.Trim(), scalar, scalar.IsNull ? null : scalar.Text, isOwn: true);
        else _diagnostics.Error(value, $"the default of {key.Text} must be text.", $"Write '- {key.Text}=default' in a list.");
    }

    private void Add(YamlScalar at, string key, YamlScalar textAt, string? text, bool isOwn)
    {
        if (EnvironmentSet.IsReserved(key))
        {
            _diagnostics.Warn(at, $"{key} is ignored: the rack sets it for every process.");
            return;
        }

        if (!EnvironmentSet.IsKey(key) && (key != "*" || text is not null))
        {
            _diagnostics.Error(at, $"'{key}' isn't a valid variable name.", EnvironmentSet.KeyRule(key));
            return;
        }

        if (isOwn && !_own.Add(key)) _diagnostics.Error(at, $"{key} is declared twice.", "Keep one of them.");
        if (text is not null) Check(textAt, key, text);
        _declared.RemoveAll(d => d.Key == key);
        _declared.Add(new(key, text));
    }

    private void Check(YamlScalar at, string key, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            _diagnostics.Error(at, $"the default of {key} contains a NUL character, which no process can receive.");
        else _diagnostics.CheckReferences(at, text);
        if (AspNetListenVariables.WarningOfDefault(key, text) is { } warning) _diagnostics.Warn(at, warning);
    }
}
