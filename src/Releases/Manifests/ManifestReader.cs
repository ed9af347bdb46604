using System.Text;

namespace Releases;

/// <summary>Reads <c>convox.yml</c>: Convox's format, to the extent that this product supports it.</summary>
public static class ManifestReader
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "convox.yml";

    /// <summary>The maximum size of the text, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>Reads the text of a manifest; any text results in a manifest or in problems.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The path of the file as the user knows it, for the problems.</param>
    public static ManifestResult Read(string text, string file) => Read(text, new ManifestDiagnostics(file));

    /// <summary>
    /// Reads the manifest of a release. What an earlier version accepted is accepted, because it can no longer be changed.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name of the manifest, for the problems.</param>
    internal static ManifestResult ReadStored(string text, string file) => Read(text, new ManifestDiagnostics(file) { IsStored = true });

    private static ManifestResult Read(string text, ManifestDiagnostics diagnostics)
    {
        var manifest = ReadManifest(text, diagnostics);
        return new(diagnostics.Problems.Count == 0 ? manifest : null, diagnostics.Problems, diagnostics.Warnings)
        {
            WarningsOfLocalRack = diagnostics.WarningsOfLocalRack,
        };
    }

    private static Manifest? ReadManifest(string text, ManifestDiagnostics diagnostics)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaximumBytes)
        {
            diagnostics.Error(1, 1, $"the file is larger than {MaximumBytes / 1024} KiB, the limit.");
            return null;
        }

        var root = YamlReader.Read(text, diagnostics);
        if (diagnostics.Problems.Count > 0 && root is null) return null;
        if (ManifestSection.Read(root, ManifestKeys.Top, diagnostics, "the manifest") is not { } top)
        {
            if (diagnostics.Problems.Count == 0)
                diagnostics.Error(1, 1, "the file is empty.", "Name at least one service under 'services'.");
            return null;
        }

        var environment = EnvironmentReader.Read(top["environment"], diagnostics);
        var services = ReadServices(root!, top["services"], diagnostics);
        var oldest = RollbackLimitReader.Read(top.Extensions.GetValueOrDefault(RollbackLimitReader.Key), diagnostics);
        return services.Count > 0 ? new() { Environment = environment, Services = services, Oldest = oldest } : null;
    }

    private static List<Service> ReadServices(YamlValue root, YamlValue? value, ManifestDiagnostics diagnostics)
    {
        var entries = value is YamlMap map ? ManifestSection.Merged(map, diagnostics).ToList() : [];
        if (entries.Count == 0)
        {
            diagnostics.Error(value ?? root,
                value is null or YamlMap ? "there are no services." : "'services' must be services by their names.",
                "Name at least one under 'services', for example: services: { web: { port: 8080 } }");
            return [];
        }

        var services = new List<Service>();
        foreach (var (key, body) in entries)
        {
            if (ServiceName.TryParse(key.Text, null, out var name)) services.Add(ServiceReader.Read(name, key, body, diagnostics));
            else diagnostics.Error(key, $"'{key.Text}' isn't a valid service name.", $"A name is {DnsName.Rule}.");
        }

        return services;
    }
}
