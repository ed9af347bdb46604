using System.Buffers.Binary;

namespace Releases.Local;

/// <summary>Determines the target platform of an executable from its header.</summary>
internal static class NativeProgram
{
    private const int HeadBytes = 8192;

    /// <summary>Returns the runtime identifier, or null if the file isn't an executable that .NET produces.</summary>
    public static string? RuntimeIdentifier(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[HeadBytes];
        ReadOnlySpan<byte> head = buffer.AsSpan(0, stream.ReadAtLeast(buffer, HeadBytes, throwOnEndOfStream: false));
        if (head.Length < 64) return null;
        if (head.StartsWith("\u007fELF"u8)) return Linux(head);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xCF, 0xFA, 0xED, 0xFE])) return Mac(head);
        return head.StartsWith("MZ"u8) ? Windows(head) : null;
    }

    private static string? Linux(ReadOnlySpan<byte> head)
    {
        // The path of the loader is near the start, right after the program headers.
        var os = head.IndexOf("/ld-musl-"u8) >= 0 ? "linux-musl" : "linux";
        return BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) switch
        {
            0x3E => $"{os}-x64",
            0xB7 => $"{os}-arm64",
            0x28 => $"{os}-arm",
            0x03 => $"{os}-x86",
            _ => null,
        };
    }

    private static string? Mac(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) switch
    {
        0x01000007 => "osx-x64",
        0x0100000C => "osx-arm64",
        _ => null,
    };

    private static string? Windows(ReadOnlySpan<byte> head)
    {
        var header = BinaryPrimitives.ReadInt32LittleEndian(head[0x3C..]);
        if (header < 0 || header > head.Length - 6) return null;
        return BinaryPrimitives.ReadUInt16LittleEndian(head[(header + 4)..]) switch
        {
            0x8664 => "win-x64",
            0xAA64 => "win-arm64",
            0x014C => "win-x86",
            _ => null,
        };
    }
}
