using System.Runtime.Versioning;

namespace Releases.EndToEnd.Tests;

/// <summary>Removes folders that have read-only artifacts in them.</summary>
internal static class Folders
{
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public static void Delete(string folder)
    {
        // Only root removes a file from a read-only folder.
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
            foreach (var each in Directory.EnumerateDirectories(folder, "*", All).Prepend(folder)) MakeWritable(each);
        Directory.Delete(folder, recursive: true);
    }

    [UnsupportedOSPlatform("windows")]
    private static void MakeWritable(string folder) =>
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
