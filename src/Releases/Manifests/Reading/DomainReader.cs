namespace Releases;

/// <summary>Reads <c>domain</c>: a host name, several separated by commas, or a list.</summary>
internal static class DomainReader
{
    public static IReadOnlyList<string> Read(YamlValue? value, ManifestDiagnostics diagnostics)
    {
        if (value is null) return [];
        var texts = value is YamlList list ? list.Items.Where(i => i is not YamlScalar { IsNull: true }) : [value];
        return [.. texts.SelectMany(t => Names(t, diagnostics)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static string[] Names(YamlValue value, ManifestDiagnostics diagnostics)
    {
        var text = diagnostics.Text(value, "domain");
        if (text is null) return [];
        diagnostics.CheckReferences(value, text);
        return text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
