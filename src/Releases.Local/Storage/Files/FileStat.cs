using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Represents the status of a file on Linux; links aren't followed.</summary>
/// <param name="Device">The id of its file system.</param>
/// <param name="Inode">Its inode number; two paths with the same number are the same file.</param>
/// <param name="Links">The number of hard links.</param>
/// <param name="Mode">The type and permissions.</param>
/// <param name="Bytes">The size in bytes.</param>
/// <param name="Modified">The modification time of its content, in nanoseconds since 1970, which programs can set.</param>
/// <param name="Changed">The change time of its content or metadata, in nanoseconds since 1970, which programs can't set.</param>
internal readonly partial record struct FileStat(ulong Device, ulong Inode, uint Links, int Mode, long Bytes, long Modified, long Changed)
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicFields = 0x7FF;
    private const int AnswerSize = 256;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>The error ENOENT.</summary>
    public const int NotFound = 2;

    /// <summary>The error ENOTDIR.</summary>
    public const int NotInFolder = 20;

    /// <summary>The error ENOSYS.</summary>
    public const int Unsupported = 38;

    /// <summary>Gets whether this is a regular file rather than a device, a pipe or a socket.</summary>
    public bool IsRegular => (Mode & TypeMask) == RegularFile;

    /// <summary>Gets the permissions.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>Returns the status of a file, or null if it doesn't exist or the system doesn't support this call.</summary>
    public static FileStat? Of(string path) => Of(path, out _);

    /// <summary>Returns the status of a file, or null with the error of the system.</summary>
    public static FileStat? Of(string path, out int error)
    {
        Span<byte> answer = stackalloc byte[AnswerSize];
        error = Read(path, answer);
        if (error != 0) return null;
        return new(
            ((ulong)Number(answer, 136) << 32) | Number(answer, 140), (ulong)Long(answer, 32), Number(answer, 16),
            BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]), Long(answer, 40), Time(answer, 112), Time(answer, 96));
    }

    /// <summary>Returns the number of the user who owns a file, or null as <see cref="Of(string)"/> does.</summary>
    public static uint? OwnerOf(string path)
    {
        Span<byte> answer = stackalloc byte[AnswerSize];
        return Read(path, answer) == 0 ? Number(answer, 20) : null;
    }

    /// <summary>Determines whether two paths were the same file, as far as the system tells.</summary>
    public static bool IsSame(FileStat? one, FileStat? other) => (one?.Device, one?.Inode) == (other?.Device, other?.Inode);

    /// <summary>Reads the status of a file, and returns the error of the system, or 0.</summary>
    private static unsafe int Read(string path, Span<byte> answer)
    {
        if (!OperatingSystem.IsLinux()) return Unsupported;
        try
        {
            fixed (byte* start = answer)
                return statx(CurrentFolder, path, NoFollow, BasicFields, start) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is from before 2018.
            return Unsupported;
        }
    }

    private static uint Number(ReadOnlySpan<byte> answer, int at) => BinaryPrimitives.ReadUInt32LittleEndian(answer[at..]);

    private static long Long(ReadOnlySpan<byte> answer, int at) => BinaryPrimitives.ReadInt64LittleEndian(answer[at..]);

    private static long Time(ReadOnlySpan<byte> answer, int at) => (Long(answer, at) * 1_000_000_000) + Number(answer, at + 8);

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint fields, byte* answer);
#pragma warning restore IDE1006, CA5392
}
