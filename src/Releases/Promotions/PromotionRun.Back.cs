namespace Releases;

/// <summary>The way back: undo everything, verify it, or say that a person is needed.</summary>
internal sealed partial class PromotionRun
{
    private readonly HashSet<ServiceName> _undone = [];

    /// <summary>Why each service goes back; meanwhile its record tells what that waits for.</summary>
    private readonly Dictionary<ServiceName, string?> _why = [];

    public bool AllBack => Promotion.Services.All(s => s.Status == ServiceStatus.RolledBack);

    /// <summary>Nothing more will come back by itself: what is left was taken by somebody else, or the limit has passed.</summary>
    public bool GivenUpGoingBack =>
        time.GetUtcNow() >= Promotion.RollbackDeadline
        || Promotion.Services.All(s => s.Status is ServiceStatus.RolledBack or ServiceStatus.Stuck);

    public Task BeginRollback(Failure failure, TimeSpan limit, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var own = TimeSpan.FromSeconds(Promotion.TimeoutSeconds ?? 0);
        return Save(Promotion with
        {
            Status = PromotionStatus.RollingBack,
            Reason = failure.Reason,
            FailedService = failure.Service,
            CancelledBy = failure.CancelledBy,
            RollbackDeadline = now + (own > limit ? own : limit),
            Services = [.. Promotion.Services.Select(s => s.Status == ServiceStatus.Waiting
                ? s.At(ServiceStatus.RolledBack, now)
                : (s.Service == failure.Service ? AtFault(s, now) : s).At(ServiceStatus.RollingBack, now))],
        }, cancel);
    }

    private PromotionService AtFault(PromotionService service, DateTimeOffset now)
    {
        var failed = service.At(ServiceStatus.Failed, now);
        return failed.LastLines.Count > 0 ? failed : failed with { LastLines = _linesSoFar.GetValueOrDefault(service.Service, []) };
    }

    /// <summary>One service's failed undo does not stop the others'; it is tried again at the next look.</summary>
    public async Task UndoAll(CancellationToken cancel)
    {
        foreach (var service in Promotion.Services.Where(s => s.Status == ServiceStatus.RollingBack && !_undone.Contains(s.Service)))
        {
            try
            {
                await engine.Undo(Port(service.Service), cancel);
                _undone.Add(service.Service);
            }
            catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
            {
                await Save(Find(service.Service) with { Reason = NotBackYet(service, problem.Message) }, cancel);
            }
        }
    }

    public async Task ObserveUndo(CancellationToken cancel)
    {
        var services = new List<PromotionService>();
        foreach (var name in Promotion.Services.Select(s => s.Service).ToList())
        {
            if (!_undone.Contains(name))
            {
                services.Add(Find(name));
                continue;
            }

            var seen = await engine.ObserveUndo(Port(name), cancel);
            var service = Find(name);
            var kept = seen.State == ObservedState.Unknown ? service : service with { Running = seen.Running, Healthy = seen.Healthy, Old = seen.Old };
            services.Add(seen.State switch
            {
                ObservedState.Complete => (kept with { Reason = _why.GetValueOrDefault(name, service.Reason) }).At(ServiceStatus.RolledBack, time.GetUtcNow()),
                ObservedState.Superseded => (kept with { Reason = Redacted(seen.Reason) ?? kept.Reason }).At(ServiceStatus.Stuck, time.GetUtcNow()),
                _ => kept with { Reason = NotBackYet(service, seen.Reason) },
            });
        }

        if (!services.SequenceEqual(Promotion.Services)) await Save(Promotion with { Services = services }, cancel);
    }

    public Task EndRolledBack(CancellationToken cancel) => Finish(
        Promotion with { Status = Promotion.CancelledBy is null ? PromotionStatus.Failed : PromotionStatus.Cancelled }, cancel);

    public async Task EndStuck(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await Finish(Promotion with
        {
            Status = PromotionStatus.Stuck,
            Services = [.. Promotion.Services.Select(s => s.Status == ServiceStatus.RolledBack ? s : s.At(ServiceStatus.Stuck, now))],
        }, cancel);
    }

    /// <summary>What going back waits for, so that nobody waits for it in silence.</summary>
    private string? NotBackYet(PromotionService service, string? waitsFor)
    {
        if (waitsFor is null) return service.Reason;
        _why.TryAdd(service.Service, service.Reason);
        return Redacted(waitsFor);
    }

    private string? Redacted(string? text) => text is null ? null : KeptOutput.Reason(redactor.Redact(text));
}
