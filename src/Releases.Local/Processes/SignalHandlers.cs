using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// The signals that this process catches, until it ends. A handler that is taken away while its signal is still on its way lets
/// that signal end the process as if it weren't caught: so the exit code of a program that Ctrl-C ended would be lost.
/// </summary>
public static class SignalHandlers
{
    private static readonly List<PosixSignalRegistration> _kept = [];

    /// <summary>
    /// To be called before any process is started: with SIGCHLD ignored, as a parent may have left it, no process's exit would be seen.
    /// </summary>
    public static void ReceiveChildSignals()
    {
        if (!OperatingSystem.IsWindows()) NativeProcess.RestoreDefault(NativeProcess.SIGCHLD);
    }

    /// <summary>Has a signal handled from now on.</summary>
    public static void Catch(PosixSignal signal, Action<PosixSignalContext> handler)
    {
        lock (_kept) _kept.Add(PosixSignalRegistration.Create(signal, handler));
    }
}
