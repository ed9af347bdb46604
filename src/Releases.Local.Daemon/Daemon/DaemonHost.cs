using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// Runs the process of a local rack's daemon: <c>dotnet-convox __daemon &lt;home&gt; &lt;address&gt;</c>. There is one per home; it holds
/// the home's lock while it is running, and its processes end with it.
/// </summary>
public static class DaemonHost
{
    /// <summary>Runs the daemon until it is stopped and returns the exit code, which is 0 even if another daemon holds the home.</summary>
    public static async Task<int> Run(string[] args)
    {
        var time = TimeProvider.System;
        var (home, address) = (new LocalHome(args[0]), args[1]);
        var log = new DaemonLog(time);
        using var held = await DaemonLock.Take(home, time, CancellationToken.None);
        if (held is null) return 0;

        var state = new DaemonStateFile(home);
        var died = state.Exists;
        using var watch = new HomeWatcher(home, time);
        FailPoint.Arm();
        using var stopping = new DaemonStop();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Stop(s, stopping));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Stop(s, stopping));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => s.Cancel = true);
        try
        {
            OpenFileLimit.Require(OpenFileLimit.Raise());
            var identity = new HomeIdentity(home);
            // The processes that a copied home records are those of the rack that it was copied from.
            if (identity.IsOfAnotherFolder()) new ProcessRecords(home).Clear();
            identity.Write();
            // A daemon that is killed while it starts died, too.
            state.Write(new(Environment.ProcessId, ToolVersion.Text, DaemonSocket.Path(home), 0, time.GetUtcNow()));
            await using var daemon = await Daemon.Start(home, address, watch, log, stopping, time);
            log.Write(
                $"daemon {daemon.State.Version} is running as process {daemon.State.ProcessId}, router on port {daemon.State.RouterPort}");
            watch.Start(() => stopping.Request(), log.Write);
            await stopping.Token.WhenCanceled();
            log.Write(watch.IsLost ? $"{home.Folder} is no longer this daemon's: stopping" : "stopping");
            await daemon.StopEverything();
            // A home that was moved keeps its state file, so that its services are restored in the new place.
            if (!watch.IsLost && !stopping.IsForRestart) Remove(state, log);
            log.Write("stopped");
            return 0;
        }
        catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
        {
            // It was stopped before everything was restored.
            if (!stopping.IsForRestart) Remove(state, log);
            log.Write("stopped");
            return 0;
        }
        catch (ProblemException problem)
        {
            log.Write(problem.Problems[0].Sentence);
            // A rack that was stopped stays so; the services of a daemon that died are still to be restored.
            if (!died) Remove(state, log);
            return 1;
        }
    }

    private static void Remove(DaemonStateFile state, DaemonLog log)
    {
        if (state.Remove() is { } problem) log.Write(problem.Sentence);
    }

    private static void Stop(PosixSignalContext signal, DaemonStop stopping)
    {
        signal.Cancel = true;
        stopping.Request();
    }
}
