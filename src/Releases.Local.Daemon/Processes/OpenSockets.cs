namespace Releases.Local;

/// <summary>Reads the open sockets of a process, by their inode numbers.</summary>
internal static class OpenSockets
{
    private const string Prefix = "socket:[";

    /// <summary>
    /// Returns the sockets; empty if the process has ended, or null if this user may not read them, such as for a program with another
    /// user's or higher privileges.
    /// </summary>
    /// <exception cref="IOException">Too many files are open, so nothing is known about the process.</exception>
    public static IReadOnlyList<string>? OwnedBy(int process)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
                .Select(f => NativeProcess.LinkTarget(f) ?? "").Where(t => t.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(t => t[Prefix.Length..^1])];
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException gone) when (!OpenFileLimit.IsReached(gone))
        {
            return [];
        }
    }
}
