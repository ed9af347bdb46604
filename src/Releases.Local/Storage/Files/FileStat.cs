using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>What Linux says about a file, its links not followed.</summary>
/// <param name="Device">The file system that it is on.</param>
/// <param name="Inode">Its number there; two names with the same number are one file.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Mode">Its type and permissions.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When its content was last changed, in nanoseconds since 1970; a program may set this.</param>
/// <param name="Changed">When anything about it was last changed, in nanoseconds since 1970; no program can set this.</param>
internal readonly partial record struct FileStat(ulong Device, ulong Inode, uint Links, int Mode, long Bytes, long Modified, long Changed)
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicFields = 0x7FF;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>A file, not a device, a pipe or a socket.</summary>
    public bool IsRegular => (Mode & TypeMask) == RegularFile;

    /// <summary>Its permissions.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>Null if there is no such file, or if the system doesn't have this call.</summary>
    public static unsafe FileStat? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        const int size = 256;
        Span<byte> answer = stackalloc byte[size];
        try
        {
            fixed (byte* start = answer)
                if (statx(CurrentFolder, path, NoFollow, BasicFields, start) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }

        return new(
            ((ulong)Number(answer, 136) << 32) | Number(answer, 140), (ulong)Long(answer, 32), Number(answer, 16),
            BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]), Long(answer, 40), Time(answer, 112), Time(answer, 96));
    }

    private static uint Number(ReadOnlySpan<byte> answer, int at) => BinaryPrimitives.ReadUInt32LittleEndian(answer[at..]);

    private static long Long(ReadOnlySpan<byte> answer, int at) => BinaryPrimitives.ReadInt64LittleEndian(answer[at..]);

    private static long Time(ReadOnlySpan<byte> answer, int at) => (Long(answer, at) * 1_000_000_000) + Number(answer, at + 8);

#pragma warning disable IDE1006, CA5392 // The C library's name; it is always found where the runtime's own is.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint fields, byte* answer);
#pragma warning restore IDE1006, CA5392
}
