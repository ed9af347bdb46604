namespace Releases;

/// <summary>
/// Requests the effects of a rollout from the engine. A failure that may pass is reported, and the phase repeats the request after its next
/// observation; a refusal fails the rollout.
/// </summary>
internal sealed class RolloutRequests(
    PromotionJournal journal, RolloutServices services, RolloutWatch watch, IEngine engine, RetryReporter retries, Redactor redactor)
{
    /// <summary>Returns how the engine would move the traffic.</summary>
    public Task<RolloutPlan> Plan(CancellationToken cancel) => engine.Plan(services.Rollout, cancel);

    /// <summary>Starts the new processes of a service; returns false if that was refused.</summary>
    public async Task<bool> Start(ServiceName service, CancellationToken cancel)
    {
        var (isDone, refusal) = await Request(
            () => engine.Start(services.Of(service), cancel), reason => new($"{service}: {reason}", service));
        if (refusal is not null) await journal.Save(journal.Find(service) with { Reason = refusal.TrimEnd('.') }, cancel);
        return isDone;
    }

    /// <summary>Checks every new process once more; returns false if one isn't healthy any longer.</summary>
    public Task<bool> Confirm(CancellationToken cancel) => engine.Confirm(services.All, cancel);

    /// <summary>
    /// Moves the traffic by a step; returns false if nothing moved, because that was refused or a new process isn't healthy any longer.
    /// </summary>
    public async Task<bool> Route(RolloutStep step, CancellationToken cancel)
    {
        var hasMoved = false;
        await Request(async () => hasMoved = await engine.Route(services.All, step, cancel), reason => new(reason));
        return hasMoved;
    }

    private async Task<(bool IsDone, string? Refusal)> Request(Func<Task> call, Func<string, RolloutFailure> failure)
    {
        try
        {
            await call();
            return (true, null);
        }
        catch (ProblemException passing) when (passing.MayPass)
        {
            var message = redactor.Redact(passing.Problems[0].Message);
            retries.Retry(message);
            return (false, message);
        }
        catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
        {
            watch.Fail(failure(KeptOutput.Reason(problem.Reason, redactor)));
            return (false, null);
        }
    }
}
