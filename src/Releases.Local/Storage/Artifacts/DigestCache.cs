using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>
/// Caches the digests of one publish folder's files, so that unchanged files aren't read again. A file is recognized by its device, inode,
/// size, modification time and change time. No program can set the change time back, so any modification of a file invalidates its entry. A
/// cache that can't be read counts as empty.
/// </summary>
internal sealed class DigestCache
{
    private const string Format = "convox digests 1";

    /// <summary>Ten times the resolution of file times (a kernel clock tick, at most ten milliseconds), in nanoseconds.</summary>
    private const long TimeStep = 100_000_000;

    /// <summary>
    /// The maximum number of caches, one per publish folder. This is enough for the folders published here and for temporary ones in CI.
    /// </summary>
    private const int MaxCaches = 100;

    private readonly string _folder;
    private readonly string _file;
    private readonly Dictionary<string, KnownFile> _known;

    private DigestCache(string folder, string file, Dictionary<string, KnownFile> known) =>
        (_folder, _file, _known) = (folder, file, known);

    /// <summary>Represents what is known of a file and of its stored copy.</summary>
    private readonly record struct KnownFile(FileStat Source, string Sha256, ulong StoredInode, long StoredModified);

    /// <summary>Opens the cache of a publish folder.</summary>
    public static DigestCache Open(LocalHome home, string publishFolder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(publishFolder))))[..32];
        var file = Path.Combine(home.Digests, name);
        return new(home.Digests, file, Read(file));
    }

    /// <summary>Deletes all caches, because a stored file isn't what it was.</summary>
    public static void Clear(LocalHome home)
    {
        if (Directory.Exists(home.Digests)) Directory.Delete(home.Digests, recursive: true);
    }

    /// <summary>Returns the digest of a file, or null if it has to be read.</summary>
    public string? Known(PublishEntry entry) =>
        entry.Stat is { } stat && _known.TryGetValue(entry.Path, out var known) && known.Source == stat ? known.Sha256 : null;

    /// <summary>Determines whether a stored file is the one that was verified when the publish folder was last stored.</summary>
    public bool IsKnownCopy(PublishEntry entry, FileStat stored) =>
        _known.TryGetValue(entry.Path, out var known) && known.Sha256 == entry.Sha256
        && known.StoredInode == stored.Inode && known.StoredModified == stored.Modified && entry.Bytes == stored.Bytes;

    /// <summary>
    /// Saves the digests of a publish folder and the identities of its stored copies. A file that changed within a clock tick before it was
    /// examined is left out, because it could change again within the same tick.
    /// </summary>
    /// <param name="published">The folder, with digests.</param>
    /// <param name="lookedAt">The file system's time when the files were examined, in nanoseconds.</param>
    /// <param name="stored">Returns the path of a file's stored copy.</param>
    public void Save(PublishFolder published, long lookedAt, Func<PublishEntry, string> stored)
    {
        var lines = published.Entries.Where(e => e.IsFile && e.Stat is { } stat && stat.Changed < lookedAt - TimeStep)
            .Select(e => (Entry: e, Stored: FileStat.Of(stored(e)))).Where(l => l.Stored is not null).ToList();
        if (lines.Count == _known.Count && lines.All(l => Known(l.Entry) is not null && IsKnownCopy(l.Entry, l.Stored!.Value))) return;

        HomeFolder.CreatePrivate(_folder);
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write(lines.Count);
            foreach (var (entry, copy) in lines) Write(writer, entry, copy!.Value);
        }

        content.Write(SHA256.HashData(content.ToArray()));
        FailPoint.PassFiles();
        AtomicFile.Write(_file, content.ToArray(), isDurable: false);
        Sweep();
    }

    /// <summary>
    /// Returns the file system's current time in nanoseconds, by the clock that sets the times of files, or null if unknown.
    /// </summary>
    public static long? Now(LocalHome home)
    {
        var probe = Path.Combine(home.Folder, $".now-{Guid.NewGuid():N}");
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose);
        return FileStat.Of(probe)?.Changed;
    }

    private static void Write(BinaryWriter writer, PublishEntry entry, FileStat stored)
    {
        var stat = entry.Stat!.Value;
        writer.Write(entry.Path);
        writer.Write(stat.Device);
        writer.Write(stat.Inode);
        writer.Write(stat.Links);
        writer.Write(stat.Mode);
        writer.Write(stat.Bytes);
        writer.Write(stat.Modified);
        writer.Write(stat.Changed);
        writer.Write(entry.Sha256!);
        writer.Write(stored.Inode);
        writer.Write(stored.Modified);
    }

    private static Dictionary<string, KnownFile> Read(string file)
    {
        try
        {
            var content = File.ReadAllBytes(file);
            var end = content.Length - SHA256.HashSizeInBytes;
            if (end < 0 || !SHA256.HashData(content.AsSpan(0, end)).AsSpan().SequenceEqual(content.AsSpan(end))) return [];
            using var reader = new BinaryReader(new MemoryStream(content, 0, end), Encoding.UTF8);
            if (reader.ReadString() != Format) return [];
            var known = new Dictionary<string, KnownFile>(StringComparer.Ordinal);
            for (var left = reader.ReadInt32(); left > 0; left--)
                known[reader.ReadString()] = new(ReadStat(reader), reader.ReadString(), reader.ReadUInt64(), reader.ReadInt64());
            return known;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            // It was never written, or was removed meanwhile.
            return [];
        }
    }

    private static FileStat ReadStat(BinaryReader reader) => new(
        reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(),
        reader.ReadInt64());

    /// <summary>Deletes all but the most recently written caches.</summary>
    private void Sweep()
    {
        foreach (var old in new DirectoryInfo(_folder).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).Skip(MaxCaches)) old.Delete();
    }
}
