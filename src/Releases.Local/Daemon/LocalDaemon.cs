namespace Releases.Local;

/// <summary>Controls the daemon of a home: starts it from a copy of the tool, detached from the terminal, and stops it.</summary>
internal sealed partial class LocalDaemon(
    LocalHome home, string address, DaemonClient client, ToolCopy copy, TimeProvider time) : IRackDaemon
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RestartTimeout = StopTimeout + StartTimeout;

    /// <summary>The time after which a daemon that was sent a signal to stop, and answers nothing, is ended.</summary>
    private static readonly TimeSpan SignalTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for the start of another command without reporting it.</summary>
    private static readonly TimeSpan ReportDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long a start may take without being reported, also on a machine that is busy.</summary>
    private static readonly TimeSpan UsualStart = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly DaemonStateFile _state = new(home);
    private readonly HomeIdentity _identity = new(home);
    private readonly DaemonProcess _process = new(home, address, copy, time);

    public static LocalDaemon Of(LocalHome home, string address, DaemonClient client, TimeProvider time) =>
        new(home, address, client, new(home, ToolCommand.Current(), time), time);

    public Action<string>? Waiting { get; set; }

    public async Task<RackStatus> Status(CancellationToken cancel = default) => ToStatus(await Find(DaemonClient.AnswerTimeout, cancel));

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

    public async Task<RackStatus> Start(CancellationToken cancel = default) => ToStatus(await Running(cancel));

    /// <summary>Starts the daemon unless one is running, and returns its state.</summary>
    public async Task<DaemonState> Running(CancellationToken cancel)
    {
        RequireSystem();
        if (await AfterStop(cancel) is { } running) return running;
        using var alone = await TakeStart(cancel);
        return await StartAlone(cancel);
    }

    /// <summary>Waits until a daemon that is stopping has ended. Returns the state of one that is running, or null.</summary>
    private async Task<DaemonState?> AfterStop(CancellationToken cancel)
    {
        for (var from = time.GetTimestamp(); ; await Task.Delay(PollInterval, time, cancel))
        {
            var state = await client.Status(cancel);
            if (state is not { IsStopping: true }) return state;
            if (time.GetElapsedTime(from) >= StopTimeout)
                throw LocalDaemonProblems.DidNotStop(home, state.ProcessId, StopTimeout).ToException();
        }
    }

    private async Task<DaemonState> StartAlone(CancellationToken cancel)
    {
        if (await AfterStop(cancel) is { } running) return running;
        var logged = new FileInfo(home.DaemonLog) is { Exists: true } log ? log.Length : 0;
        var from = time.GetTimestamp();
        var started = await Launch(cancel);
        try
        {
            for (var isReported = false; time.GetElapsedTime(from) < StartTimeout;)
            {
                if (await client.Status(cancel) is { IsStopping: false } state) return state;
                if (!isReported && time.GetElapsedTime(from) >= UsualStart)
                {
                    isReported = true;
                    Waiting?.Invoke($"the rack is taking long to start; its log is {home.DaemonLog}");
                }

                if (await started.ExitCode(cancel) is not { } code)
                {
                    await Task.Delay(PollInterval, time, cancel);
                    continue;
                }

                if (code != 0) throw LocalDaemonProblems.DidNotStart(home, $"exited with code {code}", logged).ToException();
                // The home's lock was held by another daemon that is about to answer, or by a command that only checked for one.
                await Task.Delay(RetryDelay, time, cancel);
                started.Dispose();
                started = await Launch(cancel);
            }

            throw (IsHeld()
                ? LocalDaemonProblems.NoAnswer(home)
                : LocalDaemonProblems.DidNotStart(home, $"didn't answer within {Duration.Text(StartTimeout)}", logged)).ToException();
        }
        finally
        {
            started.Dispose();
        }
    }

    private Task<StartedDaemon> Launch(CancellationToken cancel) => _process.Start(Waiting, cancel);

    public async Task<RackStatus> StartAtBoot(CancellationToken cancel = default)
    {
        RequireSystem();
        if (await AfterStop(cancel) is { } running)
        {
            if (!copy.Latest.Exists()) throw LocalDaemonProblems.NoLatestCopy(copy.Latest.Folder).ToException();
            await _process.Unit.Install(copy.Latest, cancel);
            if (!await _process.Unit.Has(running.ProcessId, cancel))
                Waiting?.Invoke("systemd starts the rack again if it fails, from its next start on: dotnet convox rack restart");
            return ToStatus(running);
        }

        using var alone = await TakeStart(cancel);
        _process.MakeLatest();
        try
        {
            await _process.Unit.Install(copy.Latest, cancel);
        }
        catch (ProblemException)
        {
            // The problem says that the rack is running.
            await StartAlone(cancel);
            throw;
        }

        return ToStatus(await StartAlone(cancel));
    }

    public async Task<RackStatus> Restart(CancellationToken cancel = default)
    {
        RequireSystem();
        using var alone = await TakeStart(cancel);
        RequireSuccessor();
        cancel.ThrowIfCancellationRequested();
        var wasRunning = (await StopAlone(isForRestart: true, CancellationToken.None)).WasRunning;
        try
        {
            return ToStatus(await StartAlone(CancellationToken.None));
        }
        catch (ProblemException failed) when (wasRunning && !IsHeld())
        {
            throw LocalDaemonProblems.StoppedByRestart(failed);
        }
    }

    /// <summary>Fails with what would keep a successor from starting, before a running daemon is stopped for it.</summary>
    private void RequireSuccessor()
    {
        try
        {
            _process.RequireStartable();
        }
        catch (ProblemException refused) when (IsHeld())
        {
            throw LocalDaemonProblems.KeepsRunning(refused);
        }
    }

    /// <summary>
    /// Waits until no other command starts or restarts the daemon, and keeps others from it. Meanwhile, the rack isn't stopped, even while
    /// no daemon is alive. Fails with <see cref="ProblemCode.HomeNotWritable"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    private async Task<IDisposable> TakeStart(CancellationToken cancel)
    {
        _process.RequireRoom();
        IDisposable? taken = null;
        await WaitForStart(() => (taken = FileLock.TryTake(home.StartLock)) is not null, cancel);
        return taken!;
    }

    /// <summary>
    /// Waits until a start or restart by another command has ended. Fails with <see cref="ProblemCode.Daemon"/> if that takes longer than
    /// one may, because its command is suspended, for example.
    /// </summary>
    private async Task WaitForStart(Func<bool> hasEnded, CancellationToken cancel)
    {
        var from = time.GetTimestamp();
        for (var isReported = false; !hasEnded(); await Task.Delay(PollInterval, time, cancel))
        {
            var waited = time.GetElapsedTime(from);
            if (waited >= RestartTimeout) throw LocalDaemonProblems.StartIsHeld(home, RestartTimeout).ToException();
            if (isReported || waited < ReportDelay) continue;
            isReported = true;
            Waiting?.Invoke($"waiting for {LocalDaemonProblems.Starter(home)} to start the rack");
        }
    }

    public Uri? MetricsAddress => RouterSettings.Read(home).MetricsPort is { } port ? OpenMetrics.Address(port) : null;

    public async Task ServeMetrics(int? port, CancellationToken cancel = default)
    {
        var running = await client.Status(cancel);
        if (port is not null && port == running?.RouterPort)
            throw LocalDaemonProblems.IsRouter(port.Value).ToException();
        var before = RouterSettings.Read(home).MetricsPort;
        RouterSettings.SetMetricsPort(home, port);
        if (running is null) return;
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

    /// <summary>
    /// Determines whether a daemon died without being stopped, which leaves its state file and a free lock, as a restart does for a moment.
    /// In a home from elsewhere, as in a cloned repository, none did.
    /// </summary>
    public bool HasCrashed() => LeftState() && _identity.IsKnown() && !IsBeingStarted() && LeftState();

    public bool IsAlive => IsHeld() || IsBeingStarted();

    /// <summary>Determines whether the rack was stopped: no daemon is alive, none died, and none is being started.</summary>
    public bool IsStopped() =>
        // The lock comes last again, because a start may have ended in between.
        !IsHeld() && !(_state.Exists && _identity.IsKnown()) && !IsBeingStarted() && !IsHeld();

    /// <summary>
    /// Returns the problem that only <see cref="Start"/> may start a daemon, because none is alive and none was ever started in this
    /// folder; null otherwise.
    /// </summary>
    public Problem? FromElsewhere() => IsAlive || _identity.IsKnown() ? null : LocalDaemonProblems.IsFromElsewhere(home);

    /// <summary>
    /// Determines whether a daemon answers now or soon: while the home's lock is held, one is about to. Doesn't start one. Fails with
    /// <see cref="ProblemCode.Daemon"/> if a process has the lock and doesn't answer.
    /// </summary>
    public async Task<bool> IsStarting(CancellationToken cancel) => await Find(StartTimeout, cancel) is not null;

    /// <summary>Returns the state of the daemon, once one that is starting answers, or null if there is none.</summary>
    private async Task<DaemonState?> Find(TimeSpan timeout, CancellationToken cancel)
    {
        var from = time.GetTimestamp();
        while (true)
        {
            if (await client.Status(cancel) is { } state) return state;
            if (!IsHeld()) return null;
            if (time.GetElapsedTime(from) >= timeout) throw LocalDaemonProblems.NoAnswer(home).ToException(new TimeoutException());
            await Task.Delay(PollInterval, time, cancel);
        }
    }

    private bool IsHeld() => FileLock.IsTaken(home.DaemonLock);

    private bool IsBeingStarted() => FileLock.IsTaken(home.StartLock);

    public async Task<Problem?> ReviveAfterCrash(CancellationToken cancel = default)
    {
        try
        {
            if (!LeftState() || IsBeingStarted()) return null;
            if (!_identity.IsKnown()) return LocalDaemonProblems.IsFromElsewhere(home);
            using var successor = await Launch(cancel);
            return null;
        }
        catch (ProblemException refused)
        {
            var problem = refused.Problems[0];
            return problem with
            {
                Message = $"the daemon died and its services can't be restarted now: {problem.Message}",
                Unchanged = null,
            };
        }
    }

    private bool LeftState() => !OperatingSystem.IsWindows() && _state.Exists && !IsHeld();

    private RackStatus ToStatus(DaemonState? state) => state is null
        ? new(address, LocalRackKind.KindName, RackState.Stopped)
        : new(address, LocalRackKind.KindName, RackState.Running, state.ProcessId, state.Version, state.RouterPort,
            state.StartedAt, state.RouterProblem);
}
