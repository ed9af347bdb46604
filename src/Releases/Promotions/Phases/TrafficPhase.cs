namespace Releases;

/// <summary>
/// Moves the traffic by the steps of the rollout plan until every service is complete. Per step: write it with its time, then ask the
/// engine. A successor asks for the step that was written last again, and continues with the time that is left.
/// </summary>
internal sealed class TrafficPhase(
    PromotionJournal journal, RolloutServices services, RolloutWatch watch, RolloutEnd end, PromotionPause pause, RolloutPlan plan,
    IEngine engine, RetryReporter retries, Redactor redactor, TimeProvider time)
{
    /// <summary>The step that this driver's engine carried out.</summary>
    private TrafficShare? _routed;

    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            if (plan.Next(journal.Promotion.Traffic, watch.AllReady, time.GetUtcNow()) is { } next) await Begin(next, cancel);
            if (journal.Promotion.Traffic is { } traffic && traffic != _routed && await Route(plan.Steps[Math.Min(traffic.Step, plan.Steps.Count - 1)], cancel)) _routed = traffic;
            await watch.Look(cancel);
            if (await end.IsDecided(cancel)) return;
            await pause.ForChange(journal.Promotion.Deadline, cancel);
        }
    }

    private Task Begin(TrafficShare step, CancellationToken cancel) => journal.Save(journal.Promotion with
    {
        Traffic = step,
        Services = step.Percent < 100 ? journal.Promotion.Services
            : [.. journal.Promotion.Services.Select(s => s.Status == ServiceStatus.Complete ? s : s.At(ServiceStatus.Draining, step.Since))],
    }, cancel);

    /// <summary>False: it was refused, for now or for good.</summary>
    private async Task<bool> Route(RolloutStep step, CancellationToken cancel)
    {
        try
        {
            await engine.Route(services.All, step, cancel);
            return true;
        }
        catch (ProblemException transient) when (transient.IsTransient())
        {
            retries.Retry(redactor.Redact(transient.Problems[0].Message));
        }
        catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
        {
            watch.Fail(new(KeptOutput.Reason(problem.Message, redactor)));
        }

        return false;
    }
}
