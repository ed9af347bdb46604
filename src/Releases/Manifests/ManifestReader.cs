using System.Text;

namespace Releases;

/// <summary>Reads <c>convox.yml</c>: Convox's format, as far as this product has a use for it.</summary>
public static class ManifestReader
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "convox.yml";

    /// <summary>The largest text, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>Reads a manifest's text; whatever it is, the answer is a manifest or problems.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file's path as the person knows it, for the problems.</param>
    public static ManifestReading Read(string text, string file) => Read(text, new Findings(file));

    /// <summary>Reads what a release has: whatever an earlier version took is taken, as nobody can mend it there.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What it is, for the problems.</param>
    internal static ManifestReading ReadStored(string text, string file) => Read(text, new Findings(file) { IsStored = true });

    private static ManifestReading Read(string text, Findings findings)
    {
        ArgumentNullException.ThrowIfNull(text);
        var manifest = ReadManifest(text, findings);
        return new(findings.Problems.Count == 0 ? manifest : null, findings.Problems, findings.Warnings);
    }

    private static Manifest? ReadManifest(string text, Findings findings)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaximumBytes)
        {
            findings.Error(1, 1, $"This is larger than {MaximumBytes / 1024} KiB, the most that is read.");
            return null;
        }

        var root = YamlTree.Read(text, findings);
        if (findings.Problems.Count > 0 && root is null) return null;
        if (ManifestMap.Of(root, ManifestKeys.Top, findings, "the manifest") is not { } top)
        {
            if (findings.Problems.Count == 0) findings.Error(1, 1, "This is empty.", "It has to name at least one service under 'services'.");
            return null;
        }

        var environment = EnvironmentReading.Read(top["environment"], findings);
        var services = ReadServices(root!, top["services"], findings);
        return services.Count > 0 ? new() { Environment = environment, Services = services } : null;
    }

    private static List<Service> ReadServices(YamlValue root, YamlValue? value, Findings findings)
    {
        var entries = value is YamlMap map ? ManifestMap.Merged(map, findings).ToList() : [];
        if (entries.Count == 0)
        {
            findings.Error(value ?? root, "There are no services.", "Name at least one under 'services', for example: services: { web: { port: 8080 } }");
            return [];
        }

        var services = new List<Service>();
        foreach (var (key, body) in entries)
        {
            if (ServiceName.TryParse(key.Text, null, out var name)) services.Add(ServiceReading.Read(name, key, body, findings));
            else findings.Error(key, $"'{key.Text}' cannot be the name of a service.", $"A name is {DnsName.Rule}.");
        }

        return services;
    }
}
