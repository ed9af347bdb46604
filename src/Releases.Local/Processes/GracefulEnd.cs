using System.Diagnostics;

namespace Releases.Local;

/// <summary>Asks programs to end.</summary>
public static class GracefulEnd
{
    /// <summary>
    /// Asks a process that this one started to end; what it started itself isn't asked. Windows has no such request, so there the process
    /// alone is killed.
    /// </summary>
    public static void Request(Process process)
    {
        if (process.HasExited) return;
        if (OperatingSystem.IsWindows()) process.Kill();
        else _ = NativeProcess.kill(process.Id, NativeProcess.SIGTERM);
    }
}
