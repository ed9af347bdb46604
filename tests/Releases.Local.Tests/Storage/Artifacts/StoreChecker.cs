using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>Walks the stored artifacts and files of a home and knows nothing of the code that stores them but docs/storage.md.</summary>
internal static class StoreChecker
{
    /// <summary>Everything that isn't as documented.</summary>
    public static IReadOnlyList<string> Faults(LocalHome home) =>
        [.. Artifacts(home).SelectMany(ArtifactFaults), .. Files(home).SelectMany(FileFaults)];

    /// <summary>The stored files that no folder of an artifact has, by walking all of them.</summary>
    public static IReadOnlyList<string> Unnamed(LocalHome home)
    {
        var named = !Directory.Exists(home.Artifacts)
            ? []
            : new DirectoryInfo(home.Artifacts).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => f.LinkTarget is null).Select(f => FileStat.Of(f.FullName)!.Value.Inode).ToHashSet();
        return [.. Files(home).Where(f => !named.Contains(FileStat.Of(f)!.Value.Inode))];
    }

    /// <summary>The folders of artifacts that have their names.</summary>
    public static IReadOnlyList<string> Artifacts(LocalHome home) => !Directory.Exists(home.Artifacts) ? []
        : [.. Directory.EnumerateDirectories(home.Artifacts)
            .Where(d => !Path.GetFileName(d).StartsWith(".making-", StringComparison.Ordinal))];

    /// <summary>The stored files.</summary>
    public static IReadOnlyList<string> Files(LocalHome home) =>
        !Directory.Exists(home.Files) ? [] : Directory.GetFiles(home.Files, "*", SearchOption.AllDirectories);

    private static IEnumerable<string> ArtifactFaults(string artifact)
    {
        var files = Path.Combine(artifact, "files");
        var found = Digest(files);
        if (found != Path.GetFileName(artifact)) yield return $"{artifact} has the digest {found}";
        using var described = JsonDocument.Parse(File.ReadAllText(Path.Combine(artifact, "artifact.json")));
        if (described.RootElement.GetProperty("digest").GetString() != "sha256:" + found)
            yield return $"{artifact} is described as another";
        if (File.Exists(Path.Combine(artifact, "manifest.json")))
        {
            using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(artifact, "manifest.json")));
            if (FromManifest(manifest.RootElement) != found) yield return $"{artifact} has the manifest of another";
        }

        foreach (var file in new DirectoryInfo(files).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.LinkTarget is null))
            if (Mode(file.FullName) is not ("444" or "555")) yield return $"{file} has mode {Mode(file.FullName)}";
    }

    private static IEnumerable<string> FileFaults(string file)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(file)) + Path.GetFileName(file);
        var executable = name.EndsWith("-exec", StringComparison.Ordinal);
        if (Sha256(file) + (executable ? "-exec" : "") != name) yield return $"{file} is not what its name says";
        if (Mode(file) != (executable ? "555" : "444")) yield return $"{file} has mode {Mode(file)}";
    }

    private static string Digest(string folder)
    {
        var lines = new List<(string Path, string Line)>();
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, ReturnSpecialDirectories = false }))
        {
            var path = Path.GetRelativePath(folder, entry.FullName);
            if (entry.LinkTarget is { } target) lines.Add((path, $"link\0{path}\0{target}\n"));
            else if (entry is FileInfo) lines.Add((path,
                $"{(Mode(entry.FullName)[0] is '5' or '7' ? "exec" : "file")}\0{path}\0{Sha256(entry.FullName)}\n"));
            else if (!Directory.EnumerateFileSystemEntries(entry.FullName).Any()) lines.Add((path, $"folder\0{path}\0\n"));
        }

        return Hash(lines.OrderBy(l => l.Path, StringComparer.Ordinal).Select(l => l.Line));
    }

    private static string FromManifest(JsonElement manifest) => Hash(manifest.GetProperty("files").EnumerateArray().Select(f =>
    {
        var path = f.GetProperty("path").GetString();
        if (f.TryGetProperty("target", out var target)) return $"link\0{path}\0{target.GetString()}\n";
        if (f.TryGetProperty("folder", out _)) return $"folder\0{path}\0\n";
        return $"{(f.TryGetProperty("executable", out _) ? "exec" : "file")}\0{path}\0{f.GetProperty("sha256").GetString()}\n";
    }));

    private static string Hash(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));

    private static string Sha256(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static string Mode(string file) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(file), 8);
}
