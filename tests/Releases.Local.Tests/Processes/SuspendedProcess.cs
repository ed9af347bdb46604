using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>Suspends processes on Linux, as Ctrl-Z or a debugger does.</summary>
internal static class SuspendedProcess
{
    private const int SIGSTOP = 19;

    /// <summary>
    /// Suspends a process, and returns once none of its threads runs. The signal alone takes effect only when one of them gets processor
    /// time; until then the others keep answering.
    /// </summary>
    public static async Task Suspend(int process)
    {
        Assert.Equal(0, NativeProcess.kill(process, SIGSTOP));
        await Patience.Until(() => Directory.EnumerateDirectories($"/proc/{process}/task").All(IsStopped));
    }

    public static void Resume(int process) => Assert.Equal(0, NativeProcess.kill(process, NativeProcess.SIGCONT));

    private static bool IsStopped(string thread)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            return true; // It has ended.
        }
    }
}
