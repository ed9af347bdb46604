namespace Releases;

/// <summary>Generates the manifest of an app that has no <c>convox.yml</c>. The same services always give the same text.</summary>
internal static class GeneratedManifest
{
    /// <summary>The port on which ASP.NET Core listens in a container by default.</summary>
    private const string WebPort = "8080";

    /// <summary>Returns the base's manifest with another service; without a base, a manifest with only that service.</summary>
    public static string With(string? text, ServiceName service, bool isWeb)
    {
        var top = text is null ? Map() : (YamlMap)YamlReader.Read(text, new ManifestDiagnostics(ManifestReader.FileName))!;
        var services = top.Entries.FirstOrDefault(e => e.Key.Text == "services")?.Value as YamlMap ?? Map();
        var entry = Entry(service.ToString(), isWeb ? Map(Entry("port", Text(WebPort))) : Map());
        return YamlWriter.Write(Map([.. top.Entries.Where(e => e.Key.Text != "services"),
            Entry("services", Map([.. services.Entries, entry]))]));
    }

    /// <summary>Writes services that each name their project.</summary>
    public static string Write(IEnumerable<ProposedService> services) =>
        YamlWriter.Write(Map(Entry("services", Map([.. services.Select(s => Entry(s.Name.ToString(), Map(
        [Entry("build", new YamlScalar(s.Build, Plain: IsPlain(s.Build), 1, 1)),
            .. s.Project.IsWeb ? (YamlEntry[])[Entry("port", Text(WebPort))] : []])))]))));

    /// <summary>Determines whether YAML reads it as this text in any context; otherwise, it is quoted.</summary>
    private static bool IsPlain(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') && char.IsAsciiLetter(text[0]);

    private static YamlMap Map(params YamlEntry[] entries) => new(entries, 1, 1, 1, 1);

    private static YamlEntry Entry(string key, YamlValue value) => new(Text(key), value);

    private static YamlScalar Text(string text) => new(text, Plain: true, 1, 1);
}
