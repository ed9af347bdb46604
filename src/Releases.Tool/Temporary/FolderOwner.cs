using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// Whose a folder is. Where everybody may make folders, one that another user made, and may change at any moment, is not looked into,
/// or removed.
/// </summary>
internal static partial class FolderOwner
{
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const uint Owner = 0x8;
    private const int SizeOfStatx = 256;
    private const int OwnerInStatx = 20;

    /// <summary>Also where the system is not Linux: the temporary folders of others are the user's own.</summary>
    public static bool IsThisUser(string folder)
    {
        if (!OperatingSystem.IsLinux()) return true;
        var status = new byte[SizeOfStatx];
        return statx(CurrentFolder, folder, NotThroughLinks, Owner, status) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(OwnerInStatx)) == geteuid();
    }

#pragma warning disable IDE1006, CA5392 // The C library's names; it is always found where the runtime's own is.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, [Out] byte[] status);

    [LibraryImport("libc")]
    private static partial uint geteuid();
#pragma warning restore IDE1006, CA5392
}
