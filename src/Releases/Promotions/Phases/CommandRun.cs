namespace Releases;

/// <summary>Runs a command of a service until it ends, its limit has passed, or somebody cancels the promotion.</summary>
internal sealed class CommandRun(PromotionJournal journal, PromotionPause pause, Redactor redactor, TimeProvider time)
{
    /// <param name="run">Starts it; its token stops it.</param>
    /// <param name="limit">When it is stopped.</param>
    /// <param name="command">The command as it is written, with the engine's notes.</param>
    /// <param name="cancel">The driver stops: the command is stopped, and its end stays unknown.</param>
    public async Task<CommandResult> Run(
        Func<CancellationToken, Task<CommandEnd>> run, DateTimeOffset limit, Func<ReleaseCommand> command, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = run(stop.Token);
        var cancelledBy = await Watch(running, limit, stop, cancel);

        var inTime = running.IsCompleted;
        if (!inTime) await stop.CancelAsync();
        var (ended, failure, refused, stillRuns) = await End(running, command, stop.Token);
        cancel.ThrowIfCancellationRequested();
        return new(ended, failure, refused, stillRuns, inTime, cancelledBy);
    }

    /// <summary>Returns when it has ended, when its limit has passed, or, once the promotion is cancelled, with the name of the
    /// canceller.</summary>
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
            // A driver that stops doesn't leave the command running; the record already says that its end is unknown.
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>A failed look ends no command: the next one is a moment away, and the beat notices when the store stays
    /// unreachable.</summary>
    private async Task<string?> CancelRequestedBy(CancellationToken cancel)
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

    private async Task<(ReleaseCommand Ended, string? Failure, bool Refused, bool StillRuns)> End(
        Task<CommandEnd> running, Func<ReleaseCommand> command, CancellationToken stopped)
    {
        try
        {
            var end = await running;
            var lines = KeptOutput.Lines(end.LastLines, redactor);
            var ended = command() with { EndedAt = time.GetUtcNow(), ExitCode = end.ExitCode, LastLines = lines };
            return (ended, end.ExitCode == 0 ? null : ProcessEnd.Words(end.ExitCode), false, false);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return (command() with { EndedAt = time.GetUtcNow() }, "was stopped", false, false);
        }
        catch (ProblemException problem)
        {
            var (why, ended) = (KeptOutput.Reason(problem.Message, redactor).TrimEnd('.'), command() with { EndedAt = time.GetUtcNow() });
            return problem.Kind == ProblemKind.NeedsPerson
                ? (ended, $"couldn't be stopped: {why}", false, true)
                : (ended, $"couldn't be run: {why}", true, false);
        }
    }
}

/// <summary>What came of a command.</summary>
/// <param name="Ended">The command as it is to be written.</param>
/// <param name="Failure">Why it failed, as a predicate; null: it didn't.</param>
/// <param name="Refused">It couldn't be run.</param>
/// <param name="StillRuns">It couldn't be stopped.</param>
/// <param name="InTime">It ended by itself within its limit.</param>
/// <param name="CancelledBy">Who cancelled the promotion meanwhile; null: nobody.</param>
internal sealed record CommandResult(
    ReleaseCommand Ended, string? Failure, bool Refused, bool StillRuns, bool InTime, string? CancelledBy);
