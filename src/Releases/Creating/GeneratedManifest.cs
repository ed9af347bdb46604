namespace Releases;

/// <summary>The text of the manifest of an app that has no <c>convox.yml</c>: always the same for the same services.</summary>
internal static class GeneratedManifest
{
    /// <summary>Where ASP.NET Core listens in a container unless it is told otherwise.</summary>
    private const string WebPort = "8080";

    /// <summary>The base's manifest with one service more; null as the base's text: that service alone.</summary>
    public static string With(string? text, ServiceName service, bool isWeb)
    {
        var top = text is null ? Map() : (YamlMap)YamlTree.Read(text, new Findings(ManifestReader.FileName))!;
        var services = top.Entries.FirstOrDefault(e => e.Key.Text == "services")?.Value as YamlMap ?? Map();
        var entry = Entry(service.ToString(), isWeb ? Map(Entry("port", Text(WebPort))) : Map());
        return YamlText.Of(Map([.. top.Entries.Where(e => e.Key.Text != "services"), Entry("services", Map([.. services.Entries, entry]))]));
    }

    private static YamlMap Map(params YamlEntry[] entries) => new(entries, 1, 1, 1, 1);

    private static YamlEntry Entry(string key, YamlValue value) => new(Text(key), value);

    private static YamlScalar Text(string text) => new(text, Plain: true, 1, 1);
}
