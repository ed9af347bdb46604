using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// Determines the owner of folders. In a parent that everyone can write to, a folder of another user, who may change it at any moment, is
/// neither read nor removed.
/// </summary>
public static partial class FolderOwner
{
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const uint Owner = 0x8;
    private const int SizeOfStatx = 256;
    private const int OwnerInStatx = 20;

    /// <summary>
    /// Determines whether a folder belongs to this user. That is always true on other systems than Linux, whose temporary folders belong to
    /// the user.
    /// </summary>
    public static bool IsThisUser(string folder)
    {
        if (!OperatingSystem.IsLinux()) return true;
        var status = new byte[SizeOfStatx];
        return statx(CurrentFolder, folder, NotThroughLinks, Owner, status) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(OwnerInStatx)) == geteuid();
    }

#pragma warning disable IDE1006, CA5392 // These are the C library's names; it is always found where the runtime's is.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, [Out] byte[] status);

    [LibraryImport("libc")]
    private static partial uint geteuid();
#pragma warning restore IDE1006, CA5392
}
