using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Determines what keeps this user from a file, which the runtime's exceptions don't tell apart.</summary>
internal static partial class FileAccessCheck
{
    private const int MayWrite = 2;
    private const int MayRead = 4;
    private const int PermissionDenied = 13;
    private const int ReadOnlyFileSystem = 30;

    /// <summary>Determines whether nobody can write there, because its file system is mounted for reading only.</summary>
    public static bool IsOnReadOnlyDisk(string path) =>
        !OperatingSystem.IsWindows() && Refusal(Existing(path), MayWrite) == ReadOnlyFileSystem;

    /// <summary>Determines whether this user can't even read it.</summary>
    public static bool IsUnreadable(string path) => !OperatingSystem.IsWindows() && Refusal(path, MayRead) == PermissionDenied;

    private static string Existing(string path)
    {
        while (!Path.Exists(path) && Path.GetDirectoryName(path) is { Length: > 0 } parent) path = parent;
        return path;
    }

    private static int Refusal(string path, int mode) => access(path, mode) == 0 ? 0 : Marshal.GetLastPInvokeError();

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
#pragma warning restore IDE1006, CA5392
}
