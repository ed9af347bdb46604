using System.Formats.Tar;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>
/// Reads and writes the files of a publish folder as one image layer: a tar archive that is the same whenever the files are.
/// </summary>
internal static class FolderLayer
{
    private const string Prefix = FolderImage.Folder + "/";

    /// <summary>Computes the layer's digest and size without storing any of it.</summary>
    public static async Task<OciDescriptor> Describe(PublishFolder folder, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var counted = new HashedStream(hash);
        await Write(folder, counted, cancel);
        return new(OciTypes.Layer, "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), counted.Length);
    }

    /// <summary>Writes the layer in GNU format, because .NET's headers in the pax format contain the process's id.</summary>
    public static async Task Write(PublishFolder folder, Stream to, CancellationToken cancel)
    {
        await using var tar = new TarWriter(to, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var entry in folder.Entries)
        {
            await using var content = entry.IsFile ? File.OpenRead(folder.Full(entry)) : null;
            await tar.WriteEntryAsync(EntryOf(entry, content), cancel);
        }
    }

    /// <summary>
    /// Unpacks a layer into an empty folder, with the permissions of stored files. Links are created last, so that no file is written
    /// through one. Fails with <see cref="InvalidDataException"/> for a path that leads out of the folder.
    /// </summary>
    public static async Task Unpack(Stream layer, string folder, CancellationToken cancel)
    {
        var links = new List<(string Path, string Target)>();
        await using (var tar = new TarReader(layer, leaveOpen: true))
            while (await tar.GetNextEntryAsync(copyData: false, cancel) is { } entry)
            {
                var path = Path.Combine(folder, Within(entry.Name));
                if (entry.EntryType is TarEntryType.SymbolicLink) links.Add((path, entry.LinkName));
                else if (entry.EntryType is TarEntryType.Directory) Directory.CreateDirectory(path);
                else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile) await Extract(entry, path, cancel);
                else throw new InvalidDataException($"it has '{entry.Name}', which is neither a file nor a folder");
            }

        var through = links.Select(l => l.Path + '/').ToList();
        foreach (var (path, target) in links)
        {
            if (Path.Exists(path) || through.Exists(t => path.StartsWith(t, StringComparison.Ordinal)))
                throw new InvalidDataException($"it has a link '{Path.GetFileName(path)}' in the place of something else");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.CreateSymbolicLink(path, target);
        }
    }

    private static async Task Extract(TarEntry entry, string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Path.Exists(path)) throw new InvalidDataException($"it has '{entry.Name}' twice");
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
            if (entry.DataStream is { } content) await content.CopyToAsync(file, cancel);
        var mode = PublishEntry.Mode((entry.Mode & PublishEntry.ExecutableMode) != 0, writable: false);
        if (OperatingSystem.IsWindows()) File.SetAttributes(path, FileAttributes.ReadOnly);
        else File.SetUnixFileMode(path, mode);
    }

    private static string Within(string name)
    {
        var path = name.TrimEnd('/');
        return path.StartsWith(Prefix, StringComparison.Ordinal) && path[Prefix.Length..] is { Length: > 0 } inner
            && !inner.Split('/').Any(p => p is "" or "." or "..") && !inner.Contains('\0', StringComparison.Ordinal)
            ? inner : throw new InvalidDataException($"it has a path '{name}' that no publish folder has");
    }

    private static GnuTarEntry EntryOf(PublishEntry entry, Stream? content)
    {
        var type = entry switch
        {
            { Target: not null } => TarEntryType.SymbolicLink,
            { IsEmptyFolder: true } => TarEntryType.Directory,
            _ => TarEntryType.RegularFile,
        };
        var made = new GnuTarEntry(type, Prefix + entry.Path + (entry.IsEmptyFolder ? "/" : ""))
        {
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = PublishEntry.Mode(entry.Executable || !entry.IsFile, writable: true),
        };
        if (entry.Target is { } target) made.LinkName = target;
        if (content is not null) made.DataStream = content;
        return made;
    }
}
