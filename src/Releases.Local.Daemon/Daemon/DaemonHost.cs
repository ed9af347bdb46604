using System.Runtime.InteropServices;
using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// The process that runs a local rack: <c>dotnet-convox __daemon &lt;home&gt; &lt;address&gt;</c>. One per home; it holds the
/// home's lock while it runs, and its processes end with it.
/// </summary>
public static class DaemonHost
{
    /// <summary>Runs until it is stopped; 0 even if another daemon has the home.</summary>
    public static async Task<int> Run(string[] args)
    {
        var time = TimeProvider.System;
        var (home, address) = (new LocalHome(args[0]), args[1]);
        var log = new DaemonLog(time);
        using var held = DaemonLock.TryTake(home);
        if (held is null) return 0;

        FailPoint.Arm();
        using var stopping = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Stop(s, stopping));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Stop(s, stopping));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => s.Cancel = true);
        try
        {
            await using var daemon = await Daemon.Start(home, address, log, stopping, time);
            WriteState(home, daemon.State);
            log.Write(
                $"daemon {daemon.State.Version} is running as process {daemon.State.ProcessId}, router on port {daemon.State.RouterPort}");
            using var watch = new HomeWatcher(home, time, stopping.Cancel);
            await stopping.Token.WhenCanceled();
            log.Write(watch.IsLost ? $"{home.Folder} is no longer this daemon's: stopping" : "stopping");
            await daemon.StopEverything();
            // A home that was moved keeps its state, so that its services are restored in the new place.
            if (!watch.IsLost) File.Delete(home.DaemonState);
            log.Write("stopped");
            return 0;
        }
        catch (ProblemException problem)
        {
            log.Write(problem.Problems[0].Sentence);
            return 1;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopping)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }

    /// <summary>For people, and to detect a crash: it stays behind unless the daemon was stopped.</summary>
    private static void WriteState(LocalHome home, DaemonState state) =>
        AtomicFile.Write(home.DaemonState, JsonSerializer.SerializeToUtf8Bytes(state, DaemonMessages.Default.DaemonState));
}
