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

    /// <summary>Determines whether the permissions keep this user from writing there.</summary>
    public static bool IsUnwritable(string path) => OperatingSystem.IsWindows() || Refusal(Existing(path), MayWrite) != 0;

    /// <summary>
    /// Tries to make a file beside a path, and returns what the system says, or null if it was made. A disk that fails denies writing in
    /// this way only.
    /// </summary>
    public static Exception? RefusalBeside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        try
        {
            using var file = new FileStream(
                Path.Combine(Existing(folder), $".probe-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused;
        }
    }

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
