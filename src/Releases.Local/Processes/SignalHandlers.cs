using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// Manages the signals that this process handles until it ends. Removing a handler while its signal is in flight would let the signal end
/// the process, and the exit code of a program that Ctrl-C ended would be lost.
/// </summary>
public static class SignalHandlers
{
    private static readonly List<PosixSignalRegistration> _kept = [];

    /// <summary>
    /// Makes sure that exits of child processes are observed, even if the parent process left SIGCHLD ignored. Call this before starting
    /// any process.
    /// </summary>
    public static void ReceiveChildSignals()
    {
        if (!OperatingSystem.IsWindows()) NativeProcess.RestoreDefault(NativeProcess.SIGCHLD);
    }

    /// <summary>Handles a signal from now on.</summary>
    public static void Catch(PosixSignal signal, Action<PosixSignalContext> handler)
    {
        lock (_kept) _kept.Add(PosixSignalRegistration.Create(signal, handler));
    }
}
