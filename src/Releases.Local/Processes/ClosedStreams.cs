using System.Text;

namespace Releases.Local;

/// <summary>
/// Keeps the descriptors 0, 1 and 2 for the standard streams, as <c>stdopen</c> of gnulib does. A caller can start this program with one of
/// them closed (<c>&lt;&amp;-</c>). The runtime's first file then gets its number, such as <c>/dev/urandom</c>: output would be written to
/// that file, and a redirection would replace it, after which the runtime reads random numbers from <c>/dev/null</c> forever.
/// </summary>
public static class ClosedStreams
{
    /// <summary>
    /// Starts this program again in this process if a standard stream is closed, with <c>/dev/null</c> in its place, opened so that
    /// reading and writing still fail. Does nothing on other systems than Linux.
    /// </summary>
    public static void Fill()
    {
        if (!OperatingSystem.IsLinux()) return;
        int[] closed = [.. Enumerable.Range(0, 3).Where(stream => !NativeProcess.IsInherited(stream))];
        if (closed.Length == 0) return;

        // Read first, because the runtime can't be relied on once its files are replaced.
        string?[] command = [.. Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1], null];
        foreach (var stream in closed)
            if (!NativeProcess.Redirect("/dev/null", stream == 0 ? NativeProcess.WriteOnly : NativeProcess.ReadOnly, stream)) return;
        NativeProcess.RestoreDefault(NativeProcess.SIGPIPE);
        NativeProcess.execvp("/proc/self/exe", command);
    }
}
