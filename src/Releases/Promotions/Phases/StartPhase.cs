namespace Releases;

/// <summary>
/// Starts the new processes of every service beside the old ones, which keep the traffic, and waits until all are ready. For each service,
/// it records <c>starting</c> and then calls the engine.
/// </summary>
internal sealed class StartPhase(
    PromotionJournal journal, Rollout rollout, RolloutRequests requests, RolloutWatch watch, RolloutEnd end, PromotionPause pause,
    ReleasePlan plan, TimeProvider time)
{
    /// <summary>Whether this driver has started every service and all are ready.</summary>
    public bool IsDone => watch.AllReady && journal.Promotion.Services.All(s => watch.Started.Contains(s.Service));

    public async Task Begin(CancellationToken cancel)
    {
        if (await Planned(cancel) is not { } planned) return;
        var steps = planned.For(rollout, replaces: journal.Promotion.Previous is not null);
        var (promotion, now) = (journal.Promotion, time.GetUtcNow());
        var limit = TimeSpan.FromSeconds((promotion.TimeoutSeconds ?? 0) + (promotion.Hold?.Seconds ?? 0));
        var begun = steps.IsAllAtOnce ? null : new TrafficShare(0, steps.Steps[0].Percent, now);
        await journal.Save(promotion with
        {
            Status = PromotionStatus.RollingOut,
            // A release command has its own limit.
            Deadline = (promotion.Status == PromotionStatus.Releasing ? now + limit : promotion.Deadline)
                + steps.Lasts,
            Plan = steps is { IsAllAtOnce: true, RackSeconds: 0 } ? null : steps,
            Traffic = begun,
            Steps = begun is null ? [] : [new(begun.Step, begun.Percent, now)],
            Services = [.. rollout.Services.Select(s => Waiting(s, now))],
            Retired = await journal.Retired(rollout, cancel),
        }, cancel);
    }

    public async Task Run(CancellationToken cancel)
    {
        if (await end.IsHopeless(plan, cancel)) return;
        while (true)
        {
            if (!watch.AllComplete) await StartServices(cancel);
            await watch.Look(cancel);
            if (await end.IsDecided(cancel) || IsDone) return;
            await pause.ForChange(journal.Promotion.Limit, cancel);
        }
    }

    /// <summary>A plan that temporarily can't be read is read again until the promotion's limit; then the promotion fails.</summary>
    private async Task<RolloutPlan?> Planned(CancellationToken cancel)
    {
        try
        {
            return await requests.Plan(cancel);
        }
        catch (ProblemException unread) when (unread.MayPass
            && time.GetUtcNow() >= (ReleasePhase.LimitOf(journal.Promotion) ?? journal.Promotion.Limit))
        {
            await journal.Finish(journal.Promotion with
            {
                Status = PromotionStatus.Failed,
                Reason = KeptOutput.Reason(unread.Problems[0].Message, plan.Redactor),
            }, cancel);
            return null;
        }
    }

    private static PromotionService Waiting(ServiceSpec service, DateTimeOffset now) =>
        new PromotionService { Service = service.Service.Name, Desired = service.Count }.At(ServiceStatus.Waiting, now);

    /// <summary>
    /// A start that is refused temporarily is retried after the next observation; past the limit, nothing more is started.
    /// </summary>
    private async Task StartServices(CancellationToken cancel)
    {
        foreach (var service in journal.Promotion.Services.Where(s => !watch.Started.Contains(s.Service)).ToList())
        {
            if (service.Status == ServiceStatus.Waiting && time.GetUtcNow() >= journal.Promotion.Limit) return;
            if (service.Status == ServiceStatus.Waiting) await journal.Save(service.At(ServiceStatus.Starting, time.GetUtcNow()), cancel);
            if (!await requests.Start(service.Service, cancel)) return;
            watch.Started.Add(service.Service);
        }
    }
}
