namespace Releases.Local;

/// <content>Stops the daemon, which a start may follow at once.</content>
internal sealed partial class LocalDaemon
{
    public async Task<StoppedRack> Stop(CancellationToken cancel = default)
    {
        // What a start that is under way has started is to stop too.
        await WaitForStart(() => !IsBeingStarted(), cancel);
        try
        {
            return await StopAlone(isForRestart: false, cancel);
        }
        finally
        {
            // It starts a daemon again that crashed or had to be killed.
            if (await _process.Unit.Stop(CancellationToken.None) is { } refused)
                Waiting?.Invoke($"systemd may start the rack again: {refused}");
        }
    }

    /// <summary>
    /// Stops the daemon. Before a restart, its state file stays, so that a restart that is killed leaves a rack whose daemon died and not
    /// one that was stopped.
    /// </summary>
    private async Task<StoppedRack> StopAlone(bool isForRestart, CancellationToken cancel)
    {
        if (await RequestStop(isForRestart, cancel) is not { } request)
        {
            // Stopping a crashed daemon means that its services aren't to be restored.
            return new(WasRunning: false, LeftState() && !isForRestart ? _state.Remove() : null);
        }

        var from = time.GetTimestamp();
        var (mayEnd, killed) = (request.IsSignal, false);
        while (time.GetElapsedTime(from) < StopTimeout)
        {
            var isFree = DaemonLock.IsFree(home, out var taken);
            using var untilRemoved = taken;
            if (isFree)
            {
                // The next daemon ends what the services of this one left.
                if (killed) throw LocalDaemonProblems.Killed(request.Process).ToException();
                return new(WasRunning: true, isForRestart ? null : _state.Remove());
            }

            // A start that waited for the end took the lock first.
            if (!killed && HasSuccessor(request.Process)) return new(WasRunning: true, null);
            if (mayEnd && !killed && time.GetElapsedTime(from) >= SignalTimeout)
            {
                // While it ends its services it answers, and needs its time.
                mayEnd = killed = await IsSilent(cancel);
                if (killed) _ = NativeProcess.kill(request.Process, NativeProcess.SIGKILL);
            }

            await Task.Delay(PollInterval, time, cancel);
        }

        throw LocalDaemonProblems.DidNotStop(home, request.Process, StopTimeout).ToException();
    }

    /// <summary>Represents how a daemon was asked to stop: by a signal if it doesn't answer requests.</summary>
    private sealed record StopRequest(int Process, bool IsSignal);

    /// <summary>Asks the daemon to stop, or returns null if there is none.</summary>
    private async Task<StopRequest?> RequestStop(bool isForRestart, CancellationToken cancel)
    {
        try
        {
            if (await Find(DaemonClient.AnswerTimeout, cancel) is not { } state) return null;
            await PostStop(isForRestart, cancel);
            return new(state.ProcessId, IsSignal: false);
        }
        catch (ProblemException silent) when (DaemonClient.IsSilent(silent))
        {
            if (LockHolder.Find(home) is not { IsDaemon: true, ProcessId: var process }) throw;
            // The signal does the same as the request, and needs no socket. A process that is suspended has to run for it.
            _ = NativeProcess.kill(process, NativeProcess.SIGTERM);
            _ = NativeProcess.kill(process, NativeProcess.SIGCONT);
            return new(process, IsSignal: true);
        }
    }

    private async Task PostStop(bool isForRestart, CancellationToken cancel)
    {
        try
        {
            await client.Post(DaemonProtocol.Stop + (isForRestart ? $"?{DaemonProtocol.ForRestart}" : ""), cancel);
        }
        catch (Exception lost) when (DaemonClient.IsConnectionLost(lost))
        {
            // It may have stopped before it could answer; the lock shows whether it did.
        }
    }

    private async Task<bool> IsSilent(CancellationToken cancel)
    {
        try
        {
            await client.Status(cancel);
            return false;
        }
        catch (ProblemException silent) when (DaemonClient.IsSilent(silent))
        {
            return true;
        }
    }

    private bool HasSuccessor(int daemon) =>
        ProcessTable.Find(daemon) is null or { IsDead: true }
        && LockHolder.Find(home) is { IsDaemon: true, ProcessId: var holder } && holder != daemon;
}
