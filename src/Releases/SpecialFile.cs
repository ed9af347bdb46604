using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Releases;

/// <summary>Detects files that aren't regular ones: devices, pipes and sockets, which must not be replaced as files are.</summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const uint TypeField = 1;
    private const int AnswerSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Determines whether a path, with its links followed, leads to one; false where the system doesn't tell.</summary>
    public static unsafe bool IsAt(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        Span<byte> answer = stackalloc byte[AnswerSize];
        try
        {
            fixed (byte* start = answer)
                return statx(CurrentFolder, path, 0, TypeField, start) == 0
                    && (BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeOffset..]) & TypeMask) != RegularFile;
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is from before 2018.
            return false;
        }
    }

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint fields, byte* answer);
#pragma warning restore IDE1006, CA5392
}
