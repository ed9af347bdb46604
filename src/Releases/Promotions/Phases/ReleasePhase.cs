namespace Releases;

/// <summary>
/// Runs the <c>release</c> commands before anything moves, each at most once: a command that was started by a driver that died isn't
/// started again.
/// </summary>
internal sealed class ReleasePhase(PromotionJournal journal, Rollout rollout, ReleasePlan plan, StartPhase start, IEngine engine,
    CommandRun commands, TimeProvider time)
{
    /// <summary>The time limit of each command.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public bool HasCommands => journal.Promotion.RunsRelease && rollout.Services.Any(s => s.Service.Release is not null);

    public Task Begin(CancellationToken cancel) => journal.Save(journal.Promotion with { Status = PromotionStatus.Releasing }, cancel);

    /// <summary>
    /// Runs the next command, or acts on how one ended. A failure is recorded together with the command's end, so that a successor acts on
    /// it too.
    /// </summary>
    public async Task Run(CancellationToken cancel)
    {
        var begun = journal.Promotion.ReleaseCommands;
        if (begun.FirstOrDefault(c => c.IsOpen) is { } open)
            await Fail(
                $"the release command of {open.Service} was started by a driver that died or was stopped, so its outcome is unknown.",
                cancel);
        else if (begun.FirstOrDefault(c => c.StillRuns) is { } running)
            await Stick(running.Failure!, await commands.CancelRequestedBy(cancel), cancel);
        else if (begun.FirstOrDefault(c => c.Failure is not null) is { } failed) await Fail(failed.Failure!, cancel);
        // If this can't be read, the driver tries again: a command may have been stopped because of it.
        else if (await journal.CancelRequestedBy(cancel) is { } by) await journal.FinishCancelled(by, cancel);
        // Earlier versions recorded no failure.
        else if (begun.FirstOrDefault(c => c.ExitCode is not (null or 0)) is { } ended)
            await Fail($"the release command of {ended.Service} {ProcessEnd.Words(ended.ExitCode!.Value)}.", cancel);
        // A successor may not be able to read the release: its commands must not run without their environment.
        else if (plan.Problems is [var problem, ..]) await FailUnread(problem, cancel);
        else if (Next is { } next) await RunCommand(next, cancel);
        else await start.Begin(cancel);
    }

    private ServiceSpec? Next => rollout.Services.FirstOrDefault(
        s => s.Service.Release is not null && journal.Promotion.ReleaseCommands.All(c => c.Service != s.Service.Name));

    private async Task RunCommand(ServiceSpec service, CancellationToken cancel)
    {
        var command = new ReleaseCommand { Service = service.Service.Name, StartedAt = time.GetUtcNow() };
        await journal.Save(journal.Promotion with { ReleaseCommands = [.. journal.Promotion.ReleaseCommands, command] }, cancel);
        var traced = journal.Promotion.Traced(service, SpanNames.Release(command.Service));
        var result = await commands.Run(
            stop => engine.RunRelease(new(rollout, traced, new CommandNotes(() => Command, Save)), stop), command.StartedAt + Limit,
            () => Command, cancel);
        var failure = result.Outcome switch
        {
            CommandOutcome.Succeeded or CommandOutcome.Cancelled => null,
            CommandOutcome.TimedOut => $"didn't finish within {Duration.Text(Limit)} and was stopped",
            _ => result.Failure,
        };
        await Save(
            result.Ended with
            {
                Failure = failure is null ? null : $"the release command of {command.Service} {failure}.",
                StillRuns = result.Outcome == CommandOutcome.StillRuns,
            }, cancel);
    }

    /// <summary>The running command, with the engine's notes.</summary>
    private ReleaseCommand Command => journal.Promotion.ReleaseCommands[^1];

    private Task Save(ReleaseCommand changed, CancellationToken cancel) =>
        journal.Save(journal.Promotion with { ReleaseCommands = [.. journal.Promotion.ReleaseCommands.SkipLast(1), changed] }, cancel);

    /// <summary>
    /// Returns until when a driver is retried that can't read the release between its commands, or null in other phases, whose limit is the
    /// promotion's own.
    /// </summary>
    internal static DateTimeOffset? LimitOf(Promotion promotion)
    {
        if (promotion.Status != PromotionStatus.Releasing) return null;
        var since = promotion.ReleaseCommands is [.., { EndedAt: { } ended }] ? ended : promotion.StartedAt;
        return since + TimeSpan.FromSeconds(promotion.TimeoutSeconds ?? 0);
    }

    /// <summary>A failure that may pass is retried for as long as a rollout may take, because commands have limits of their own.</summary>
    private Task FailUnread(Problem problem, CancellationToken cancel)
    {
        if (problem.MayPass && time.GetUtcNow() < LimitOf(journal.Promotion)) throw problem.ToException();
        return Fail(KeptOutput.Reason(problem.Message, plan.Redactor), cancel);
    }

    private Task Stick(string reason, string? cancelledBy, CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Stuck, CancelledBy = cancelledBy, Reason = reason }, cancel);

    private Task Fail(string reason, CancellationToken cancel) =>
        journal.Finish(journal.Promotion with { Status = PromotionStatus.Failed, Reason = reason }, cancel);
}
