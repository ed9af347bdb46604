namespace Releases;

/// <summary>Observes all services of a rollout, records their progress, and remembers what the records don't have.</summary>
internal sealed class RolloutWatch(PromotionJournal journal, RolloutServices services, IEngine engine, Redactor redactor, TimeProvider time)
{
    private readonly Dictionary<ServiceName, ObservedState> _states = [];

    /// <summary>What each service has printed so far; recorded only if it explains a failure.</summary>
    private readonly Dictionary<ServiceName, IReadOnlyList<string>> _linesSoFar = [];

    private readonly HashSet<ServiceName> _unseen = [];
    private long _unseenSince;

    /// <summary>The services that this driver has asked the engine to start.</summary>
    public HashSet<ServiceName> Started { get; } = [];

    /// <summary>The first failure.</summary>
    public RolloutFailure? Failure { get; private set; }

    /// <summary>Whether every service had as many healthy processes as desired at the last observation.</summary>
    public bool AllReady => journal.Promotion.Services.Count > 0 && _unseen.Count == 0
        && _states.Count == journal.Promotion.Services.Count
        && _states.Values.All(s => s is ObservedState.Waiting or ObservedState.Healthy or ObservedState.Draining or ObservedState.Complete);

    /// <summary>Decided by the journal, so that a success whose last write is missing still counts, however late it is noticed.</summary>
    public bool AllComplete => journal.Promotion.Services.Count > 0 && _unseen.Count == 0
        && journal.Promotion.Services.All(s => s.IsCompleteBy(journal.Promotion.Deadline));

    /// <summary>How long some service hasn't been observable, or null if all are.</summary>
    public TimeSpan? BlindFor => _unseen.Count == 0 ? null : time.GetElapsedTime(_unseenSince);

    /// <summary>Determines whether the last observation of a service failed.</summary>
    public bool IsUnseen(ServiceName service) => _unseen.Contains(service);

    /// <summary>Returns what a service had printed at the last observation, while it wasn't healthy yet.</summary>
    public IReadOnlyList<string> LinesSoFar(ServiceName service) => _linesSoFar.GetValueOrDefault(service, []);

    public void Fail(RolloutFailure failure) => Failure ??= failure;

    public async Task Look(CancellationToken cancel)
    {
        if (AllComplete || Failure is not null) return;
        // A service that wasn't started can't be observed; its record says why it wasn't.
        var seen = await engine.Observe(services.Where(s => Started.Contains(s.Service) || s.Engine is not null), cancel);
        await journal.Save([.. journal.Promotion.Services.Select(s => seen.TryGetValue(s.Service, out var found) ? Seen(s, found) : s)],
            cancel);
    }

    private PromotionService Seen(PromotionService service, Observation seen)
    {
        if (!Started.Contains(service.Service) && seen.State == ObservedState.Starting)
            seen = seen with { Reason = service.Reason ?? seen.Reason };
        if (IsBlind(service.Service, seen)) return service with { Reason = KeptOutput.Reason(seen.Reason, redactor) ?? service.Reason };

        _states[service.Service] = seen.State;
        _linesSoFar[service.Service] = KeptOutput.Lines(seen.LinesSoFar, redactor);
        var observed = ObservedService.From(service, seen, redactor, time.GetUtcNow());
        if (observed.Status == ServiceStatus.Failed)
            Fail(new($"{service.Service} {observed.Reason ?? "failed"}{WithTraffic(service.Service)}.{Hint(seen)}", service.Service));
        return observed;
    }

    private static string Hint(Observation seen) => seen.Hint is { } hint ? $" {hint}." : "";

    private string WithTraffic(ServiceName service) =>
        journal.Promotion is { Plan: { } plan, Traffic: { } now } && plan.Steps[now.Step] is { KeepsOld: true } step
        && services.Of(service).Spec.Service.Port is not null && step.ShareOf(service) is > 0 and var share
            ? $"; the release had {share} % of the traffic" : "";

    private bool IsBlind(ServiceName service, Observation seen)
    {
        if (seen.State != ObservedState.Unknown)
        {
            _unseen.Remove(service);
            return false;
        }

        if (_unseen.Count == 0) _unseenSince = time.GetTimestamp();
        _unseen.Add(service);
        return true;
    }
}
