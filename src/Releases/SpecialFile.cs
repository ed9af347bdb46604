using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Releases;

/// <summary>
/// Detects what must not be replaced as files are: devices, pipes and sockets, and links that another user put where everybody may.
/// </summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeAndOwner = 0xB;
    private const int OwnerOffset = 20;
    private const int AnswerSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Link = 0xA000;
    private const UnixFileMode Shared = UnixFileMode.StickyBit | UnixFileMode.OtherWrite;

    /// <summary>Determines whether a path, with its links followed, leads to one; false where the system doesn't tell.</summary>
    public static bool IsAt(string path) => Stat(path, 0) is var (mode, _) && (mode & TypeMask) != RegularFile;

    /// <summary>Determines whether a path is a link that <see cref="IsForeign"/>; false where the system doesn't tell.</summary>
    public static bool IsForeignLink(string path) =>
        Stat(path, NoFollow) is var (mode, owner) && (mode & TypeMask) == Link
        && Stat(Path.GetDirectoryName(path)!, 0) is var (folder, its)
        && IsForeign(owner, (UnixFileMode)(folder & ~TypeMask), its, geteuid());

    /// <summary>
    /// Determines whether a link may not be followed: somebody else put it into a folder in which everybody may create files, such as
    /// <c>/tmp</c>, and who follows it writes where its owner chose. It is the rule of Linux's <c>protected_symlinks</c>.
    /// </summary>
    internal static bool IsForeign(uint owner, UnixFileMode folder, uint folderOwner, uint user) =>
        (folder & Shared) == Shared && owner != user && owner != folderOwner;

    private static unsafe (int Mode, uint Owner)? Stat(string path, int flags)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> answer = stackalloc byte[AnswerSize];
        try
        {
            fixed (byte* start = answer)
                return statx(CurrentFolder, path, flags, TypeModeAndOwner, start) == 0
                    ? (BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeOffset..]),
                        BinaryPrimitives.ReadUInt32LittleEndian(answer[OwnerOffset..]))
                    : null;
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is from before 2018.
            return null;
        }
    }

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint fields, byte* answer);

    [LibraryImport("libc")]
    private static partial uint geteuid();
#pragma warning restore IDE1006, CA5392
}
