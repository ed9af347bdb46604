namespace Releases;

/// <summary>
/// Runs the <c>verify</c> commands once every new process is healthy and none has traffic; a service without processes has nothing to
/// verify. A command whose driver died is run again, because it only reads, unless the engine finds it by its notes.
/// </summary>
internal sealed class VerifyPhase(
    PromotionJournal journal, Rollout rollout, RolloutServices services, RolloutWatch watch, RolloutEnd end, IEngine engine,
    CommandRun commands, PromotionPause pause, TimeProvider time)
{
    public bool IsDue => journal.Promotion.IsBeforeTraffic && (Failed is not null || Open.Any());

    private ReleaseCommand? Failed => journal.Promotion.VerifyCommands.FirstOrDefault(c => c.Failure is not null);

    private IEnumerable<ServiceSpec> Open => rollout.Verifies
        ? rollout.Services.Where(s =>
            s.Service.Verify is not null && journal.Find(s.Service.Name).Desired > 0
            && !journal.Promotion.VerifyCommands.Any(c => c.Service == s.Service.Name && !c.IsOpen))
        : [];

    /// <summary>
    /// Runs one command, if all services are still ready: processes may have ended during the previous one. Also acts on a failure that
    /// was recorded but not acted on.
    /// </summary>
    public async Task Run(CancellationToken cancel)
    {
        if (Failed is null)
        {
            await watch.Look(cancel);
            if (await end.IsDecided(cancel)) return;
            if (!watch.AllReady)
            {
                await pause.ForChange(journal.Promotion.Limit, cancel);
                return;
            }

            await RunCommand(Open.First(), cancel);
        }

        if (Failed is { Failure: { } failure } failed) watch.Fail(new(failure, failed.Service));
        await end.IsDecided(cancel);
    }

    private async Task RunCommand(ServiceSpec service, CancellationToken cancel)
    {
        var left = journal.Promotion.VerifyCommands.FirstOrDefault(
            c => c.Service == service.Service.Name && c is { IsOpen: true, Engine: not null });
        var command = left ?? new ReleaseCommand { Service = service.Service.Name, StartedAt = time.GetUtcNow() };
        await Save(command, cancel);
        var traced = journal.Promotion.Traced(service, SpanNames.Verify(command.Service));
        var notes = new CommandNotes(
            () => Command, Save, (waitsFor, stop) => Report(command.Service, waitsFor, stop));
        var result = await commands.Run(
            stop => engine.Verify(services.Of(command.Service) with { Spec = traced }, notes, stop),
            journal.Promotion.Limit, () => Command, cancel);
        // A failure that may pass says nothing about the release. The driver retries, and the engine finds a task that was started.
        if (result is { CancelledBy: null, Refusal: { MayPass: true } own } && time.GetUtcNow() < journal.Promotion.Limit)
            throw own.ToException();
        var failure = result.Outcome switch
        {
            CommandOutcome.Cancelled => null,
            CommandOutcome.TimedOut => "didn't finish within the promotion's limit and was stopped",
            _ => result.Failure,
        };
        await Save(result.Ended with { Failure = failure is null ? null : $"the verify command of {command.Service} {failure}." }, cancel);
    }

    /// <summary>The running command, with the engine's notes.</summary>
    private ReleaseCommand Command => journal.Promotion.VerifyCommands[^1];

    /// <summary>Saves what the command waits for as the service's reason, until its next observation. A failed write isn't fatal.</summary>
    private async Task Report(ServiceName service, string? waitsFor, CancellationToken cancel)
    {
        try
        {
            var reason = waitsFor is null ? null : $"the verify command waits: {waitsFor}";
            await journal.Save(journal.Find(service) with { Reason = reason }, cancel);
        }
        catch (ProblemException unwritten) when (LockBeat.MayRecover(unwritten))
        {
            // The next report may succeed.
        }
    }

    /// <summary>Keeps the runs that have ended, and writes this one.</summary>
    private Task Save(ReleaseCommand changed, CancellationToken cancel) =>
        journal.Save(journal.Promotion with { VerifyCommands = [.. journal.Promotion.VerifyCommands.Where(c => !c.IsOpen), changed] },
            cancel);
}
