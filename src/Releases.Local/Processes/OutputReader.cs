using System.Buffers;
using System.Text;

namespace Releases.Local;

/// <summary>Splits the output of a process into lines, whatever their length and bytes.</summary>
internal static class OutputReader
{
    /// <summary>The maximum length of a line, in bytes. A longer one is split between characters.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private const int MaxCharacterBytes = 4;

    public static async Task Read(Stream output, Action<string> print)
    {
        var buffer = new byte[MaxLineBytes];
        var length = 0;
        while (true)
        {
            var read = await output.ReadAsync(buffer.AsMemory(length));
            if (read == 0) break;
            length += read;
            length = Hand(buffer, length, print);
        }

        if (length > 0) print(Encoding.UTF8.GetString(buffer, 0, length));
    }

    private static int Hand(byte[] buffer, int length, Action<string> print)
    {
        var from = 0;
        for (int end; (end = buffer.AsSpan(from, length - from).IndexOf((byte)'\n')) >= 0; from += end + 1)
            print(Encoding.UTF8.GetString(buffer, from, end).TrimEnd('\r'));
        if (from == 0 && length == buffer.Length) print(Encoding.UTF8.GetString(buffer, 0, from = Whole(buffer)));
        buffer.AsSpan(from, length - from).CopyTo(buffer);
        return length - from;
    }

    /// <summary>Returns the number of bytes without an incomplete character at the end.</summary>
    private static int Whole(ReadOnlySpan<byte> bytes)
    {
        for (var begun = 1; begun < MaxCharacterBytes; begun++)
            if (Rune.DecodeFromUtf8(bytes[^begun..], out _, out _) == OperationStatus.NeedMoreData) return bytes.Length - begun;
        return bytes.Length;
    }
}
