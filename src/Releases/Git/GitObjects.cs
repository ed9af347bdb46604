using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Releases;

/// <summary>Reads commits from the files that git keeps them in: each in a file of its own, or many in a pack.</summary>
internal sealed class GitObjects(GitFolder git)
{
    /// <summary>No commit is as large; whatever claims to be isn't read into memory.</summary>
    private const int MaxObjectBytes = 16 * 1024 * 1024;

    /// <summary>More links than any chain of borrowed objects has.</summary>
    private const int MaxFolders = 32;

    /// <summary>A commit's hash of its files, and the first line of its message; null: it isn't here.</summary>
    public (string Tree, string Subject)? Commit(string hash)
    {
        if (Folders().Select(f => Read(f, Convert.FromHexString(hash))).FirstOrDefault(o => o is not null) is not { } content) return null;
        var body = content.AsSpan().IndexOf("\n\n"u8);
        var header = Encoding.Latin1.GetString(content, 0, body < 0 ? content.Length : body).Split('\n');
        if (!header[0].StartsWith("tree ", StringComparison.Ordinal)) throw new FormatException($"{hash} is no commit");
        var encoding = header.FirstOrDefault(h => h.StartsWith("encoding ", StringComparison.Ordinal))?["encoding ".Length..];
        return (header[0]["tree ".Length..], body < 0 ? "" : Subject(content.AsSpan(body), encoding));
    }

    /// <summary>The lines up to the first empty one; empty if they aren't in the encoding that the commit names.</summary>
    private static string Subject(ReadOnlySpan<byte> message, string? encoding)
    {
        try
        {
            var strict = Encoding.GetEncoding(encoding ?? "utf-8", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            var lines = strict.GetString(message).Split('\n').Select(l => l.Trim());
            return string.Join(' ', lines.SkipWhile(l => l.Length == 0).TakeWhile(l => l.Length > 0));
        }
        catch (ArgumentException)
        {
            // Also bytes that the encoding doesn't have.
            return "";
        }
    }

    /// <summary>The repository's own folder of objects and those that it borrows from.</summary>
    private List<string> Folders()
    {
        var folders = new List<string> { Path.Combine(git.Common(), "objects") };
        for (var i = 0; i < folders.Count && folders.Count < MaxFolders; i++)
        {
            var borrowed = Path.Combine(folders[i], "info", "alternates");
            if (File.Exists(borrowed))
                folders.AddRange(File.ReadLines(borrowed).Where(l => l.Length > 0 && l[0] != '#').Select(l => Path.GetFullPath(l, folders[i])));
        }

        return folders;
    }

    private static byte[]? Read(string folder, byte[] hash)
    {
        var name = Convert.ToHexStringLower(hash);
        var file = Path.Combine(folder, name[..2], name[2..]);
        if (File.Exists(file)) return Loose(file);
        var packs = Path.Combine(folder, "pack");
        if (!Directory.Exists(packs)) return null;
        foreach (var index in Directory.GetFiles(packs, "*.idx"))
        {
            if (Offset(index, hash) is not { } offset) continue;
            using var pack = File.OpenRead(Path.ChangeExtension(index, ".pack"));
            return Packed(folder, pack, offset, depth: 0);
        }

        return null;
    }

    /// <summary>Its type, its size, a zero, its content.</summary>
    private static byte[] Loose(string file)
    {
        using var zipped = new ZLibStream(File.OpenRead(file), CompressionMode.Decompress);
        var header = new StringBuilder();
        for (var next = zipped.ReadByte(); next > 0 && header.Length < 64; next = zipped.ReadByte()) header.Append((char)next);
        if (!long.TryParse(header.ToString().Split(' ')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new FormatException($"{file} is no object");
        return Content(zipped, size);
    }

    /// <summary>Where a pack has an object, by its index: how many hashes begin with each byte, the hashes, checksums, offsets.</summary>
    private static long? Offset(string index, byte[] hash)
    {
        const int Header = 8, Fanout = 256 * 4, HashBytes = 20;
        using var file = File.OpenRead(index);
        if (Number(file, 0) != 0xFF744F63 || Number(file, 4) != 2) throw new FormatException($"{index} is of a version that only git itself reads");
        var count = (long)Number(file, Header + Fanout - 4);
        var (low, high) = (hash[0] == 0 ? 0 : (long)Number(file, Header + ((hash[0] - 1) * 4)), (long)Number(file, Header + (hash[0] * 4)));
        var found = new byte[HashBytes];
        while (low < high)
        {
            var middle = (low + high) / 2;
            file.Position = Header + Fanout + (middle * HashBytes);
            file.ReadExactly(found);
            var order = found.AsSpan().SequenceCompareTo(hash);
            if (order == 0) return Position(file, Header + Fanout + (count * (HashBytes + 4)), count, middle);
            if (order < 0) low = middle + 1;
            else high = middle;
        }

        return null;
    }

    /// <summary>Offsets beyond 2 GiB are in a table of their own, behind the short ones.</summary>
    private static long Position(FileStream file, long offsets, long count, long at)
    {
        var offset = Number(file, offsets + (at * 4));
        if (offset < 0x80000000) return offset;
        var large = offsets + (count * 4) + ((offset & 0x7FFFFFFF) * 8);
        return ((long)Number(file, large) << 32) | Number(file, large + 4);
    }

    private static byte[] Packed(string folder, FileStream pack, long offset, int depth)
    {
        const int MaxDepth = 4096, ByOffset = 6, ByHash = 7;
        if (depth > MaxDepth) throw new FormatException($"{pack.Name} has no end of changes");
        pack.Position = offset;
        var first = NextByte(pack);
        var size = (long)(first & 15);
        for (var (shift, next) = (4, first); (next & 0x80) != 0 && shift < 57; shift += 7)
        {
            next = NextByte(pack);
            size |= (long)(next & 0x7F) << shift;
        }

        switch ((first >> 4) & 7)
        {
            case ByOffset:
                var back = Back(pack);
                var byOffset = Unzipped(pack, size);
                return GitDelta.Apply(Packed(folder, pack, offset - back, depth + 1), byOffset);
            case ByHash:
                var hash = new byte[20];
                pack.ReadExactly(hash);
                var byHash = Unzipped(pack, size);
                return GitDelta.Apply(Read(folder, hash) ?? throw new FormatException($"{pack.Name} lacks an object"), byHash);
            default:
                return Unzipped(pack, size);
        }
    }

    private static long Back(FileStream pack)
    {
        var next = NextByte(pack);
        var back = (long)(next & 0x7F);
        while ((next & 0x80) != 0 && back < long.MaxValue >> 8)
        {
            next = NextByte(pack);
            back = ((back + 1) << 7) | (long)(next & 0x7F);
        }

        return back;
    }

    private static byte[] Unzipped(FileStream pack, long size)
    {
        using var zipped = new ZLibStream(pack, CompressionMode.Decompress, leaveOpen: true);
        return Content(zipped, size);
    }

    private static byte[] Content(Stream from, long size)
    {
        if (size > MaxObjectBytes) throw new FormatException("an object is too large for a commit");
        var content = new byte[size];
        from.ReadExactly(content);
        return content;
    }

    private static int NextByte(FileStream file) => file.ReadByte() is >= 0 and var next ? next : throw new EndOfStreamException($"{file.Name} is cut off");

    private static uint Number(FileStream file, long at)
    {
        Span<byte> number = stackalloc byte[4];
        file.Position = at;
        file.ReadExactly(number);
        return BinaryPrimitives.ReadUInt32BigEndian(number);
    }
}
