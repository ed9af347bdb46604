using System.Diagnostics;

namespace Releases.Local;

/// <summary>Controls the daemon of a home: starts it from a copy of the tool, detached from the terminal, and stops it.</summary>
internal sealed class LocalDaemon(LocalHome home, string address, DaemonClient client, ToolCopy copy, TimeProvider time) : IRackDaemon
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns the status of the daemon, without starting one.</summary>
    public async Task<RackStatus> Status(CancellationToken cancel = default) => ToStatus(await client.Status(cancel));

    /// <summary>Determines whether a running daemon delivers hooks, without starting one.</summary>
    public async Task<bool> DeliversHooks(CancellationToken cancel) => await client.Status(cancel) is { DeliversHooks: true };

    /// <summary>Fails with <see cref="ProblemCode.NotSupported"/> on systems where the rack can't run processes.</summary>
    public static void RequireSystem()
    {
        if (OperatingSystem.IsWindows())
            throw new Problem(
                ProblemCode.NotSupported, "the local rack doesn't run services on Windows. Publishing to it works.",
                "Promote on Linux or macOS, for example in WSL, or use another kind of rack.").ToException();
    }

    public async Task<RackStatus> Start(CancellationToken cancel = default)
    {
        RequireSystem();
        if (await client.Status(cancel) is { } running) return ToStatus(running);

        var logged = new FileInfo(home.DaemonLog) is { Exists: true } log ? log.Length : 0;
        var from = time.GetTimestamp();
        var started = StartProcess();
        try
        {
            while (time.GetElapsedTime(from) < StartTimeout)
            {
                if (await client.Status(cancel) is { } state) return ToStatus(state);
                if (!started.HasExited)
                {
                    await Task.Delay(PollInterval, time, cancel);
                    continue;
                }

                if (started.ExitCode != 0) throw DidNotStart($"exited with code {started.ExitCode}", logged);
                // The home's lock was held by another daemon that is about to answer, or by a command that only checked for one.
                await Task.Delay(RetryDelay, time, cancel);
                started.Dispose();
                started = StartProcess();
            }

            throw DidNotStart($"didn't answer within {Duration.Text(StartTimeout)}", logged);
        }
        finally
        {
            started.Dispose();
        }
    }

    public async Task StartAtBoot(CancellationToken cancel = default)
    {
        await Start(cancel);
        await new BootUnit(home, address, Environment.GetEnvironmentVariable).Install(copy.Latest, cancel);
    }

    public async Task<bool> Stop(CancellationToken cancel = default)
    {
        if (await client.Status(cancel) is not { } state)
        {
            // Stopping a crashed daemon means that its services aren't to be restored.
            if (HasCrashed()) File.Delete(home.DaemonState);
            return false;
        }

        try
        {
            await client.Post(DaemonProtocol.Stop, cancel);
        }
        catch (Exception lost) when (DaemonClient.IsConnectionLost(lost))
        {
            // It may have stopped before it could answer; the lock shows whether it did.
        }

        var from = time.GetTimestamp();
        while (time.GetElapsedTime(from) < StopTimeout)
        {
            using var free = DaemonLock.TryTake(home);
            if (free is not null)
            {
                File.Delete(home.DaemonState);
                return true;
            }

            await Task.Delay(PollInterval, time, cancel);
        }

        throw new Problem(
            ProblemCode.Daemon,
            $"the daemon (process {state.ProcessId}) didn't stop within {Duration.Text(StopTimeout)}; "
                + "some of its services may still be running.",
            $"What it waits for is in {home.DaemonLog}").ToException();
    }

    public async Task<RackStatus> Restart(CancellationToken cancel = default)
    {
        await Stop(cancel);
        return await Start(cancel);
    }

    public Uri? MetricsAddress => RouterSettings.Read(home).MetricsPort is { } port ? OpenMetrics.Address(port) : null;

    public async Task ServeMetrics(int? port, CancellationToken cancel = default)
    {
        var before = RouterSettings.Read(home).MetricsPort;
        RouterSettings.SetMetricsPort(home, port);
        if (await client.Status(cancel) is null) return;
        try
        {
            await client.Post(DaemonProtocol.Settings, cancel);
        }
        catch (ProblemException)
        {
            RouterSettings.SetMetricsPort(home, before);
            throw;
        }
        catch (Exception lost) when (DaemonClient.IsConnectionLost(lost))
        {
            // The next daemon reads the settings when it starts.
        }
    }

    /// <summary>Determines whether a daemon died without being stopped, which leaves its state file and a free lock.</summary>
    private bool HasCrashed() => !OperatingSystem.IsWindows() && File.Exists(home.DaemonState) && !IsHeld();

    /// <summary>
    /// Determines whether a daemon answers now or soon: while the home's lock is held, one is about to. Doesn't start one.
    /// </summary>
    public async Task<bool> IsStarting(CancellationToken cancel)
    {
        var from = time.GetTimestamp();
        while (await client.Status(cancel) is null)
        {
            if (time.GetElapsedTime(from) > StartTimeout || !IsHeld()) return false;
            await Task.Delay(PollInterval, time, cancel);
        }

        return true;
    }

    private bool IsHeld() => FileLock.IsTaken(home.DaemonLock);

    public Problem? ReviveAfterCrash()
    {
        try
        {
            if (!HasCrashed()) return null;
            using var successor = StartProcess();
            return null;
        }
        catch (ProblemException cannotBeWritten)
        {
            return cannotBeWritten.Problems[0];
        }
    }

    private Process StartProcess()
    {
        HomeFolder.RequireRoom(home);
        var tool = copy.Make();
        var start = new ProcessStartInfo(tool.Program) { UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)
            [
                .. tool.Arguments, "__exec", "--stdin", "/dev/null", "--stdout", home.DaemonLog, "--stderr", home.DaemonLog, "--cwd", "/",
                "--",
                tool.Program, .. tool.Arguments, "__daemon", home.Folder, address,
            ])
            start.ArgumentList.Add(argument);
        // A rack that a service starts isn't one of the service's processes, and outlives it.
        start.Environment.Remove(ProcessStart.NameVariable);
        return Process.Start(start)!;
    }

    private RackStatus ToStatus(DaemonState? state) => state is null
        ? new(address, LocalRackKind.KindName, RackState.Stopped)
        : new(address, LocalRackKind.KindName, RackState.Running, state.ProcessId, state.Version, state.RouterPort,
            state.StartedAt, state.RouterProblem);

    private ProblemException DidNotStart(string what, long logged)
    {
        var logLines = "";
        if (File.Exists(home.DaemonLog))
        {
            using var log = new StreamReader(new FileStream(home.DaemonLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            log.BaseStream.Seek(Math.Min(logged, log.BaseStream.Length), SeekOrigin.Begin);
            logLines = string.Join(" / ", log.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3)).TrimEnd('.');
        }

        return new Problem(
            ProblemCode.Daemon,
            $"the daemon of {home.Folder} {what}{(logLines.Length > 0 ? $": {logLines}" : "")}. Releases can still be created and listed.",
            $"Details are in {home.DaemonLog}").ToException();
    }
}
