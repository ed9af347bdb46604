namespace Releases.Local;

/// <summary>The sockets that a process has open, by the kernel's numbers.</summary>
internal static class OpenSockets
{
    private const string Prefix = "socket:[";

    /// <summary>
    /// None where it has ended; null if this user may not look, as with a program that has another user's rights or more of them.
    /// </summary>
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
        catch (IOException)
        {
            return [];
        }
    }
}
