namespace Releases;

/// <summary>
/// Runs the <c>release</c> commands before anything moves, each at most once: a command that was started by a driver that died isn't
/// started again.
/// </summary>
internal sealed class ReleasePhase(PromotionJournal journal, Rollout rollout, StartPhase start, IEngine engine,
    CommandRun commands, TimeProvider time)
{
    /// <summary>The time limit of each command.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public bool HasCommands => journal.Promotion.RunsRelease && rollout.Services.Any(s => s.Service.Release is not null);

    public Task Begin(CancellationToken cancel) => journal.Save(journal.Promotion with { Status = PromotionStatus.Releasing }, cancel);

    public async Task Run(CancellationToken cancel)
    {
        if (journal.Promotion.ReleaseCommands.FirstOrDefault(c => c.IsOpen) is { } open)
        {
            await Fail(
                $"the release command of {open.Service} was started by a driver that died or was stopped, so its outcome is unknown.",
                cancel);
            return;
        }

        var done = journal.Promotion.ReleaseCommands.Select(c => c.Service).ToHashSet();
        foreach (var service in rollout.Services.Where(s => s.Service.Release is not null && !done.Contains(s.Service.Name)))
        {
            if (await IsCancelled(cancel) || !await RunCommand(service, cancel)) return;
        }

        if (!await IsCancelled(cancel)) await start.Begin(cancel);
    }

    /// <summary>Ends the promotion if it was cancelled, since nothing has been touched yet.</summary>
    private async Task<bool> IsCancelled(CancellationToken cancel)
    {
        if (await commands.CancelRequestedBy(cancel) is not { } by) return false;
        await journal.FinishCancelled(by, cancel);
        return true;
    }

    /// <summary>Returns false if the promotion has ended without touching anything.</summary>
    private async Task<bool> RunCommand(ServiceSpec service, CancellationToken cancel)
    {
        var command = new ReleaseCommand { Service = service.Service.Name, StartedAt = time.GetUtcNow() };
        await journal.Save(journal.Promotion with { ReleaseCommands = [.. journal.Promotion.ReleaseCommands, command] }, cancel);
        var traced = journal.Promotion.Traced(service, SpanNames.Release(command.Service));
        var result = await commands.Run(
            stop => engine.RunRelease(new(rollout, traced, new CommandNotes(() => Command, Save)), stop), command.StartedAt + Limit,
            () => Command, cancel);
        await Save(result.Ended, cancel);

        var subject = $"the release command of {command.Service}";
        await (result.Outcome switch
        {
            CommandOutcome.Succeeded => Task.CompletedTask,
            CommandOutcome.StillRuns => Stick($"{subject} {result.Failure}.", result.CancelledBy, cancel),
            CommandOutcome.Cancelled => journal.FinishCancelled(result.CancelledBy!, cancel),
            CommandOutcome.TimedOut => Fail($"{subject} didn't finish within {Duration.Text(Limit)} and was stopped.", cancel),
            _ => Fail($"{subject} {result.Failure}.", cancel),
        });
        return result.Outcome == CommandOutcome.Succeeded;
    }

    /// <summary>The running command, with the engine's notes.</summary>
    private ReleaseCommand Command => journal.Promotion.ReleaseCommands[^1];

    private Task Save(ReleaseCommand changed, CancellationToken cancel) =>
        journal.Save(journal.Promotion with { ReleaseCommands = [.. journal.Promotion.ReleaseCommands.SkipLast(1), changed] }, cancel);

    private Task Stick(string reason, string? cancelledBy, CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Stuck, CancelledBy = cancelledBy, Reason = reason }, cancel);

    private Task Fail(string reason, CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Failed, Reason = reason }, cancel);
}
