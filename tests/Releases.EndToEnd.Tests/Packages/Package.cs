using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

namespace Releases.EndToEnd.Tests.Packages;

/// <summary>A package in a feed.</summary>
internal sealed class Package(string file) : IDisposable
{
    private readonly ZipArchive _archive = ZipFile.OpenRead(file);

    /// <summary>Its size in bytes.</summary>
    public long Size { get; } = new FileInfo(file).Length;

    public IReadOnlyList<string> Files => [.. _archive.Entries.Select(e => e.FullName)];

    /// <summary>The packages of a feed by their ids.</summary>
    public static IReadOnlyDictionary<string, string> In(string feed) => Directory.GetFiles(feed, "*.nupkg")
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f)[..^(ToolVersion.Text.Length + 1)], f => f);

    /// <summary>What its manifest has under a name; empty: nothing.</summary>
    public string Manifest(string name)
    {
        using var manifest = Open(Files.Single(f => f.EndsWith(".nuspec", StringComparison.Ordinal)));
        return XDocument.Load(manifest).Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
    }

    public string Text(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }

    public byte[] Content(string path)
    {
        using var content = new MemoryStream();
        using var file = Open(path);
        file.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The packages that its bill of materials lists: <c>id/version</c>.</summary>
    public IReadOnlyList<string> Materials()
    {
        using var bom = JsonDocument.Parse(Text("bom.cdx.json"));
        return [.. bom.RootElement.GetProperty("components").EnumerateArray()
            .Select(c => $"{c.GetProperty("name").GetString()}/{c.GetProperty("version").GetString()}")];
    }

    /// <summary>The packages that the program in it was built with and has files of.</summary>
    public IReadOnlyList<string> Dependencies()
    {
        using var deps = JsonDocument.Parse(Text(Files.First(f => f.EndsWith(".deps.json", StringComparison.Ordinal))));
        var packages = deps.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(l => l.Value.GetProperty("type").GetString() == "package").Select(l => l.Name).ToHashSet();
        return [.. deps.RootElement.GetProperty("targets").EnumerateObject().SelectMany(t => t.Value.EnumerateObject())
            .Where(l => packages.Contains(l.Name)
                && ((string[])["runtime", "native", "runtimeTargets"]).Any(a => l.Value.TryGetProperty(a, out _)))
            .Select(l => l.Name).Distinct()];
    }

    public void Dispose() => _archive.Dispose();

    private Stream Open(string path) => (_archive.GetEntry(path) ?? throw new FileNotFoundException($"{file} has no {path}")).Open();
}
