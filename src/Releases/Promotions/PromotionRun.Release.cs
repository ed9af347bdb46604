using System.Text.Json;

namespace Releases;

/// <summary>The <c>release</c> commands, before anything moves.</summary>
internal sealed partial class PromotionRun
{
    /// <summary>How long each may run.</summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromMinutes(10);

    public bool HasReleaseCommands => Promotion.RunsRelease && Rollout.Services.Any(s => s.Service.Release is not null);

    public Task BeginReleasing(CancellationToken cancel) => Save(Promotion with { Status = PromotionStatus.Releasing }, cancel);

    /// <summary>
    /// Runs those that were not run yet, each at most once: one that was begun by a driver that died is not begun again. False: the
    /// promotion has ended, and nothing was touched.
    /// </summary>
    public async Task<bool> RunReleaseCommands(CancellationToken cancel)
    {
        if (Promotion.ReleaseCommands.FirstOrDefault(c => c.IsOpen) is { } open)
        {
            await FailUntouched($"The release command of {open.Service} was begun, and whoever ran it died or could not go on: whether it came to its end is not known.", cancel);
            return false;
        }

        foreach (var service in Rollout.Services.Where(s => s.Service.Release is not null && Promotion.ReleaseCommands.All(c => c.Service != s.Service.Name)))
            if (!await RunReleaseCommand(service, cancel)) return false;
        return true;
    }

    private async Task<bool> RunReleaseCommand(ServiceSpec service, CancellationToken cancel)
    {
        var command = new ReleaseCommand { Service = service.Service.Name, StartedAt = time.GetUtcNow() };
        await Save(Promotion with { ReleaseCommands = [.. Promotion.ReleaseCommands, command] }, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = engine.RunRelease(new(Rollout, service, new CommandJournal(this)), stop.Token);
        var limit = command.StartedAt + ReleaseLimit;
        string? cancelledBy = null;
        try
        {
            while (!running.IsCompleted && cancelledBy is null && time.GetUtcNow() < limit)
            {
                await WaitForChange(limit, running, cancel);
                cancelledBy = await CancelSeen(cancel);
            }
        }
        catch
        {
            // Who drives no more does not leave it running; that its end is not known is written already.
            await stop.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        var inTime = running.IsCompleted;
        if (!inTime) await stop.CancelAsync();
        var (ended, failure, runsOn) = await End(running, stop.Token);
        cancel.ThrowIfCancellationRequested();
        await SaveCommand(ended, cancel);

        if (runsOn) await Finish(Promotion with { Status = PromotionStatus.Stuck, CancelledBy = cancelledBy, Reason = $"The release command of {command.Service} {failure}." }, cancel);
        else if (cancelledBy is not null && !inTime) await EndUntouched(cancelledBy, cancel);
        else if (!inTime) await FailUntouched($"The release command of {command.Service} was not done within {Duration.Text(ReleaseLimit)} and was ended.", cancel);
        else if (failure is not null) await FailUntouched($"The release command of {command.Service} {failure}.", cancel);
        return failure is null && inTime;
    }

    /// <summary>A look that cannot be taken ends no command: the next one is a moment away, and the beat tells where the records stay out of reach.</summary>
    private async Task<string?> CancelSeen(CancellationToken cancel)
    {
        try
        {
            return await CancelRequestedBy(cancel);
        }
        catch (ProblemException unseen) when (LockBeat.MayPass(unseen))
        {
            return null;
        }
    }

    private async Task<(ReleaseCommand Ended, string? Failure, bool RunsOn)> End(Task<CommandEnd> running, CancellationToken stopped)
    {
        try
        {
            var end = await running;
            var ended = Command with { EndedAt = time.GetUtcNow(), ExitCode = end.ExitCode, LastLines = KeptOutput.Lines(end.LastLines, redactor) };
            return (ended, end.ExitCode == 0 ? null : ProcessEnd.Words(end.ExitCode), false);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return (Command with { EndedAt = time.GetUtcNow() }, "was ended", false);
        }
        catch (ProblemException problem)
        {
            var why = Redacted(problem.Message)!.TrimEnd('.');
            return problem.Kind == ProblemKind.NeedsPerson ? (Command with { EndedAt = time.GetUtcNow() }, $"could not be ended: {why}", true) : (Command with { EndedAt = time.GetUtcNow() }, $"could not be run: {why}", false);
        }
    }

    /// <summary>The one that runs, with what the engine has noted of it.</summary>
    private ReleaseCommand Command => Promotion.ReleaseCommands[^1];

    private Task SaveCommand(ReleaseCommand changed, CancellationToken cancel) =>
        Save(Promotion with { ReleaseCommands = [.. Promotion.ReleaseCommands.SkipLast(1), changed] }, cancel);

    private Task FailUntouched(string reason, CancellationToken cancel) => Finish(Promotion with { Status = PromotionStatus.Failed, Reason = reason }, cancel);

    private sealed class CommandJournal(PromotionRun run) : IServiceJournal
    {
        public JsonElement? Notes => run.Command.Engine;

        public Task Write(JsonElement notes, CancellationToken cancel) => run.SaveCommand(run.Command with { Engine = notes }, cancel);
    }
}
