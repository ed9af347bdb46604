using System.Security.Cryptography;
using System.Text;

namespace Releases.Local;

/// <summary>
/// The digests of the files of one publish folder, so that a file that didn't change isn't read again. A file is known by its
/// device, inode, size and both of its times. No program can set the second one back, so whatever touched a file, it isn't
/// known any longer. A cache that can't be read is as good as none.
/// </summary>
internal sealed class DigestCache
{
    private const string Format = "convox digests 1";

    /// <summary>The times of files have the steps of the kernel's clock, of at most ten milliseconds.</summary>
    private const long TimeStep = 100_000_000;

    /// <summary>One publish folder has one cache; these are enough for whoever publishes here, and for what passes through in CI.</summary>
    private const int MaxCaches = 100;

    private readonly string _folder;
    private readonly string _file;
    private readonly Dictionary<string, KnownFile> _known;

    private DigestCache(string folder, string file, Dictionary<string, KnownFile> known) =>
        (_folder, _file, _known) = (folder, file, known);

    /// <summary>What was known of a file, and of the stored copy of it.</summary>
    private readonly record struct KnownFile(FileStat Source, string Sha256, ulong StoredInode, long StoredModified);

    /// <summary>Opens the cache of a publish folder.</summary>
    public static DigestCache Open(LocalHome home, string publishFolder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(publishFolder))))[..32];
        var file = Path.Combine(home.Digests, name);
        return new(home.Digests, file, Read(file));
    }

    /// <summary>Forgets everything: something that was stored isn't what it was.</summary>
    public static void Clear(LocalHome home)
    {
        if (Directory.Exists(home.Digests)) Directory.Delete(home.Digests, recursive: true);
    }

    /// <summary>The digest of a file, null if it has to be read.</summary>
    public string? Known(PublishEntry entry) =>
        entry.Stat is { } stat && _known.TryGetValue(entry.Path, out var known) && known.Source == stat ? known.Sha256 : null;

    /// <summary>Whether a stored file is the one that was found right when the publish folder was last stored.</summary>
    public bool IsKnownCopy(PublishEntry entry, FileStat stored) =>
        _known.TryGetValue(entry.Path, out var known) && known.Sha256 == entry.Sha256
        && known.StoredInode == stored.Inode && known.StoredModified == stored.Modified && entry.Bytes == stored.Bytes;

    /// <summary>
    /// Remembers a publish folder and the files that were stored of it. A file that changed within a step of the clock before it was
    /// looked at is left out: it could change again in the same step.
    /// </summary>
    /// <param name="published">The folder, with digests.</param>
    /// <param name="lookedAt">The file system's time when its files were looked at, in nanoseconds.</param>
    /// <param name="stored">Where the stored copy of a file is.</param>
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
        var temporary = $"{_file}.{Guid.NewGuid():N}";
        File.WriteAllBytes(temporary, content.ToArray());
        FailPoint.PassFiles();
        File.Move(temporary, _file, overwrite: true);
        Sweep();
    }

    /// <summary>The file system's time now, in nanoseconds: the clock of the times that files have; null: unknown.</summary>
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
            // Never written, or removed meanwhile.
            return [];
        }
    }

    private static FileStat ReadStat(BinaryReader reader) => new(
        reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(),
        reader.ReadInt64());

    /// <summary>Keeps the caches that were written last.</summary>
    private void Sweep()
    {
        foreach (var old in new DirectoryInfo(_folder).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).Skip(MaxCaches)) old.Delete();
    }
}
