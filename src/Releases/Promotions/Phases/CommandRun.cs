namespace Releases;

/// <summary>Runs a command of a service until it ends, its limit passes, or the promotion is cancelled.</summary>
internal sealed class CommandRun(PromotionJournal journal, PromotionPause pause, Redactor redactor, TimeProvider time)
{
    /// <param name="run">Starts the command; its token stops it.</param>
    /// <param name="limit">When the command is stopped.</param>
    /// <param name="command">Returns the command as it is recorded, with the engine's notes.</param>
    /// <param name="cancel">Stops the driver: the command is stopped, and its outcome stays unknown.</param>
    public async Task<CommandResult> Run(
        Func<CancellationToken, Task<CommandEnd>> run, DateTimeOffset limit, Func<ReleaseCommand> command, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = run(stop.Token);
        var cancelledBy = await Watch(running, limit, stop, cancel);

        var inTime = running.IsCompleted;
        if (!inTime) await stop.CancelAsync();
        var result = await End(running, command, stop.Token) with { CancelledBy = cancelledBy };
        cancel.ThrowIfCancellationRequested();
        return result.Outcome switch
        {
            CommandOutcome.StillRuns => result,
            _ when !inTime && cancelledBy is not null => result with { Outcome = CommandOutcome.Cancelled },
            CommandOutcome.Refused => result,
            _ when !inTime => result with { Outcome = CommandOutcome.TimedOut },
            _ => result,
        };
    }

    /// <summary>
    /// Returns who cancelled the promotion, or null if nobody did. A failed read doesn't stop a command: another one follows shortly, and
    /// the heartbeat notices if the store stays unreachable.
    /// </summary>
    public async Task<string?> CancelRequestedBy(CancellationToken cancel)
    {
        try
        {
            return await journal.CancelRequestedBy(cancel);
        }
        catch (ProblemException unseen) when (LockBeat.MayRecover(unseen))
        {
            return null;
        }
    }

    /// <summary>
    /// Returns when the command has ended, when its limit has passed, or, if the promotion is cancelled, with the name of whoever cancelled
    /// it.
    /// </summary>
    private async Task<string?> Watch(Task running, DateTimeOffset limit, CancellationTokenSource stop, CancellationToken cancel)
    {
        string? cancelledBy = null;
        try
        {
            while (!running.IsCompleted && cancelledBy is null && time.GetUtcNow() < limit)
            {
                await pause.ForChange(limit, running, cancel);
                cancelledBy = await CancelRequestedBy(cancel);
            }

            return cancelledBy;
        }
        catch
        {
            // A driver that stops doesn't leave the command running; the record already says that its outcome is unknown.
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<CommandResult> End(
        Task<CommandEnd> running, Func<ReleaseCommand> command, CancellationToken stopped)
    {
        try
        {
            var end = await running;
            var lines = KeptOutput.Lines(end.LastLines, redactor);
            var ended = command() with { EndedAt = time.GetUtcNow(), ExitCode = end.ExitCode, LastLines = lines };
            return end.ExitCode == 0
                ? new(CommandOutcome.Succeeded, ended) : new(CommandOutcome.Failed, ended, ProcessEnd.Words(end.ExitCode));
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return new(CommandOutcome.Failed, command() with { EndedAt = time.GetUtcNow() }, "was stopped");
        }
        catch (ProblemException problem)
        {
            var (why, ended) = (KeptOutput.Reason(problem.Reason, redactor).TrimEnd('.'), command() with { EndedAt = time.GetUtcNow() });
            return problem.Kind == ProblemKind.NeedsPerson
                ? new(CommandOutcome.StillRuns, ended, $"couldn't be stopped: {why}")
                : new(CommandOutcome.Refused, ended, $"couldn't be run: {why}") { Refusal = problem.Problems[0] };
        }
    }
}
