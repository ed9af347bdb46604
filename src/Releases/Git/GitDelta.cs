namespace Releases;

/// <summary>An object that a pack keeps as changes of another: copies from it, and bytes of its own.</summary>
internal static class GitDelta
{
    public static byte[] Apply(byte[] original, byte[] changes)
    {
        var at = 0;
        if (Length(changes, ref at) != original.Length) throw new FormatException("a change in a pack is of another object");
        var (result, filled) = (new byte[Length(changes, ref at)], 0);
        while (at < changes.Length)
        {
            int command = changes[at++];
            var (from, start, length) = (command & 0x80) != 0 ? Copy(original, changes, command, ref at) : (changes, at, command);
            if ((command & 0x80) == 0) at += command;
            if (length == 0 || start + length > from.Length || filled + length > result.Length) throw new FormatException("a change in a pack is damaged");
            from.AsSpan(start, length).CopyTo(result.AsSpan(filled));
            filled += length;
        }

        return filled == result.Length ? result : throw new FormatException("a change in a pack is cut off");
    }

    /// <summary>Bits of the command tell which bytes of the offset and of the size follow.</summary>
    private static (byte[] From, int Start, int Length) Copy(byte[] original, byte[] changes, int command, ref int at)
    {
        var (offset, size) = (0, 0);
        for (var i = 0; i < 4; i++)
            if ((command & (1 << i)) != 0) offset |= Next(changes, ref at) << (8 * i);
        for (var i = 0; i < 3; i++)
            if ((command & (0x10 << i)) != 0) size |= Next(changes, ref at) << (8 * i);
        return offset >= 0 ? (original, offset, size == 0 ? 0x10000 : size) : throw new FormatException("a change in a pack is damaged");
    }

    private static int Length(byte[] changes, ref int at)
    {
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Next(changes, ref at);
            length |= (long)(next & 0x7F) << shift;
            if ((next & 0x80) == 0) break;
        }

        return length <= Array.MaxLength ? (int)length : throw new FormatException("a change in a pack is damaged");
    }

    private static int Next(byte[] changes, ref int at) => at < changes.Length ? changes[at++] : throw new FormatException("a change in a pack is cut off");
}
