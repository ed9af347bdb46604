using System.Text.Json;

namespace Releases;

/// <summary>
/// Runs the <c>release</c> commands before anything moves, each at most once: one that was begun by a driver that died is not begun again.
/// </summary>
internal sealed class ReleasePhase(
    PromotionJournal journal, Rollout rollout, StartPhase start, IEngine engine, PromotionPause pause, Redactor redactor, TimeProvider time)
{
    /// <summary>How long each may run.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public bool HasCommands => journal.Promotion.RunsRelease && rollout.Services.Any(s => s.Service.Release is not null);

    public Task Begin(CancellationToken cancel) => journal.Save(journal.Promotion with { Status = PromotionStatus.Releasing }, cancel);

    public async Task Run(CancellationToken cancel)
    {
        if (journal.Promotion.ReleaseCommands.FirstOrDefault(c => c.IsOpen) is { } open)
        {
            await Fail(
                $"the release command of {open.Service} was started by a driver that died or was stopped, so its outcome is unknown.", cancel);
            return;
        }

        var done = journal.Promotion.ReleaseCommands.Select(c => c.Service).ToHashSet();
        foreach (var service in rollout.Services.Where(s => s.Service.Release is not null && !done.Contains(s.Service.Name)))
            if (!await RunCommand(service, cancel)) return;
        await start.Begin(cancel);
    }

    /// <summary>False: the promotion has ended, and nothing was touched.</summary>
    private async Task<bool> RunCommand(ServiceSpec service, CancellationToken cancel)
    {
        var command = new ReleaseCommand { Service = service.Service.Name, StartedAt = time.GetUtcNow() };
        await journal.Save(journal.Promotion with { ReleaseCommands = [.. journal.Promotion.ReleaseCommands, command] }, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = engine.RunRelease(new(rollout, service, new CommandJournal(this)), stop.Token);
        var cancelledBy = await Watch(running, command.StartedAt + Limit, stop, cancel);

        var inTime = running.IsCompleted;
        if (!inTime) await stop.CancelAsync();
        var (ended, failure, stillRuns) = await End(running, stop.Token);
        cancel.ThrowIfCancellationRequested();
        await Save(ended, cancel);

        var subject = $"the release command of {command.Service}";
        if (stillRuns) await Stick($"{subject} {failure}.", cancelledBy, cancel);
        else if (cancelledBy is not null && !inTime) await journal.FinishCancelled(cancelledBy, cancel);
        else if (!inTime) await Fail($"{subject} didn't finish within {Duration.Text(Limit)} and was stopped.", cancel);
        else if (failure is not null) await Fail($"{subject} {failure}.", cancel);
        return failure is null && inTime;
    }

    /// <summary>Returns when it has ended, when its limit has passed, or, once the promotion is cancelled, with the name of the canceller.</summary>
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

    /// <summary>A failed look ends no command: the next one is a moment away, and the beat notices when the store stays unreachable.</summary>
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

    private async Task<(ReleaseCommand Ended, string? Failure, bool StillRuns)> End(Task<CommandEnd> running, CancellationToken stopped)
    {
        try
        {
            var end = await running;
            var lines = KeptOutput.Lines(end.LastLines, redactor);
            var ended = Command with { EndedAt = time.GetUtcNow(), ExitCode = end.ExitCode, LastLines = lines };
            return (ended, end.ExitCode == 0 ? null : ProcessEnd.Words(end.ExitCode), false);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return (Command with { EndedAt = time.GetUtcNow() }, "was stopped", false);
        }
        catch (ProblemException problem)
        {
            var (why, ended) = (KeptOutput.Reason(problem.Message, redactor).TrimEnd('.'), Command with { EndedAt = time.GetUtcNow() });
            return problem.Kind == ProblemKind.NeedsPerson
                ? (ended, $"couldn't be stopped: {why}", true)
                : (ended, $"couldn't be run: {why}", false);
        }
    }

    /// <summary>The command that runs, with the engine's notes.</summary>
    private ReleaseCommand Command => journal.Promotion.ReleaseCommands[^1];

    private Task Save(ReleaseCommand changed, CancellationToken cancel) =>
        journal.Save(journal.Promotion with { ReleaseCommands = [.. journal.Promotion.ReleaseCommands.SkipLast(1), changed] }, cancel);

    private Task Stick(string reason, string? cancelledBy, CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Stuck, CancelledBy = cancelledBy, Reason = reason }, cancel);

    private Task Fail(string reason, CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Failed, Reason = reason }, cancel);

    private sealed class CommandJournal(ReleasePhase phase) : IServiceJournal
    {
        public JsonElement? Notes => phase.Command.Engine;

        public Task Write(JsonElement notes, CancellationToken cancel) => phase.Save(phase.Command with { Engine = notes }, cancel);
    }
}
