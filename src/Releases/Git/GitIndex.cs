using System.Buffers.Binary;
using System.Text;

namespace Releases;

/// <summary>A file that git tracks, as the index has it.</summary>
/// <param name="Name">Its path as bytes, with slashes.</param>
/// <param name="Mode">A file, one that can be run, a link, or a submodule's commit.</param>
/// <param name="Hash">Of its content.</param>
/// <param name="Modified">When the file was last written, in ticks; what git saw of it then was this content.</param>
/// <param name="Size">In bytes, without the bits beyond 32.</param>
/// <param name="IsHeld">Whether a setting has git take it for unchanged, or leave it out of the working tree.</param>
/// <param name="IsWhole">Whether it is one version with a content: no conflict, and not just announced.</param>
internal sealed record GitEntry(byte[] Name, uint Mode, byte[] Hash, long Modified, uint Size, bool IsHeld, bool IsWhole)
{
    public const uint Executable = 0x81ED, Link = 0xA000, Module = 0xE000;

    /// <summary>The path as text; null: its bytes are none.</summary>
    public string? Path => System.Text.Unicode.Utf8.IsValid(Name) ? Encoding.UTF8.GetString(Name) : null;
}

/// <summary>The index of a working tree: what the next commit has, and what git saw of each file.</summary>
internal sealed class GitIndex
{
    private const int HashBytes = 20;

    private readonly byte[] _bytes;
    private int _at = 12;

    private GitIndex(byte[] bytes, string file)
    {
        _bytes = bytes;
        if (bytes.Length < 12 + HashBytes || !bytes.AsSpan(0, 4).SequenceEqual("DIRC"u8)) throw new FormatException($"{file} is no index");
        var version = Number(4);
        if (version is < 2 or > 4) throw new FormatException($"its index is of version {version}");
        byte[] name = [];
        for (var count = Number(8); count > 0; count--)
        {
            Entries.Add(Entry(version, name));
            name = Entries[^1].Name;
        }

        // One that begins with a small letter changes what the entries mean: a split or a sparse index.
        for (; _at + 8 <= bytes.Length - HashBytes; _at += 8 + checked((int)Number(_at + 4)))
            if (char.IsAsciiLetterLower((char)bytes[_at])) throw new FormatException("its index is split or sparse");
    }

    /// <summary>In the order of their names.</summary>
    public List<GitEntry> Entries { get; } = [];

    /// <summary>When it was written, in ticks: a file that was written no earlier may have changed since without a trace.</summary>
    public long Written { get; private init; }

    /// <summary>Fails with <see cref="FormatException"/> where only git itself can read it.</summary>
    public static GitIndex Read(GitFolder git)
    {
        var file = Path.Combine(git.Directory, "index");
        if (!File.Exists(file)) return new([.. "DIRC"u8, 0, 0, 0, 2, 0, 0, 0, 0, .. new byte[HashBytes]], file);
        try
        {
            return new(File.ReadAllBytes(file), file) { Written = File.GetLastWriteTimeUtc(file).Ticks };
        }
        catch (Exception damaged) when (damaged is ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new FormatException($"{file} is damaged", damaged);
        }
    }

    /// <summary>The hash that a commit of exactly these entries has for its files.</summary>
    public string Tree()
    {
        var at = 0;
        return Convert.ToHexStringLower(Tree(prefix: 0, ref at));
    }

    /// <summary>A folder's: for each name in it the mode, and the hash of the file or of the folder.</summary>
    private byte[] Tree(int prefix, ref int at)
    {
        var (folder, content) = (at < Entries.Count ? Entries[at].Name[..prefix] : [], new List<byte>());
        while (at < Entries.Count && Entries[at].Name.AsSpan().StartsWith(folder))
        {
            var entry = Entries[at];
            var slash = entry.Name.AsSpan(prefix).IndexOf((byte)'/');
            var name = entry.Name.AsSpan(prefix, slash < 0 ? entry.Name.Length - prefix : slash);
            content.AddRange(Encoding.ASCII.GetBytes(slash < 0 ? Convert.ToString(entry.Mode, toBase: 8) : "40000"));
            content.AddRange([(byte)' ', .. name, 0]);
            if (slash >= 0) content.AddRange(Tree(prefix + slash + 1, ref at));
            else
            {
                content.AddRange(entry.Hash);
                at++;
            }
        }

        return GitHash.Of("tree", [.. content]);
    }

    private GitEntry Entry(uint version, byte[] before)
    {
        const int Fixed = 40 + HashBytes + 2;
        const int AssumeValid = 0x8000, Extended = 0x4000, Stage = 0x3000, SkipWorktree = 0x4000, IntentToAdd = 0x2000;
        var start = _at;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(start + Fixed - 2));
        var more = (flags & Extended) != 0 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(start + Fixed)) : 0;
        _at += (flags & Extended) != 0 ? Fixed + 2 : Fixed;
        var kept = version < 4 ? 0 : before.Length - Shortened();
        var length = _bytes.AsSpan(_at).IndexOf((byte)0);
        byte[] name = [.. before[..kept], .. _bytes[_at..(_at + length)]];
        // Before version 4 an entry fills eights of bytes, with at least one zero.
        _at = version < 4 ? start + ((_at + length - start + 8) & ~7) : _at + length + 1;
        var modified = DateTime.UnixEpoch.Ticks + (Number(start + 8) * TimeSpan.TicksPerSecond) + (Number(start + 12) / TimeSpan.NanosecondsPerTick);
        return new(name, Number(start + 24), _bytes[(start + 40)..(start + 40 + HashBytes)], modified, Number(start + 36),
            (flags & AssumeValid) != 0 || (more & SkipWorktree) != 0, (flags & Stage) == 0 && (more & IntentToAdd) == 0);
    }

    /// <summary>How much of the name before is not in this one.</summary>
    private int Shortened()
    {
        int next = _bytes[_at++];
        var number = next & 0x7F;
        while ((next & 0x80) != 0)
        {
            next = _bytes[_at++];
            number = checked(((number + 1) << 7) | (next & 0x7F));
        }

        return number;
    }

    private uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(at));
}
