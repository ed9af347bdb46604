namespace Releases;

/// <summary>The way forward: check, start, shift, succeed.</summary>
internal sealed partial class PromotionRun
{
    /// <summary>How long past the limit it is tried to see what became of the rollout, before it counts as not done.</summary>
    private static readonly TimeSpan LongestBlindness = TimeSpan.FromMinutes(2);

    /// <summary>What each service was seen at in this driver's last look.</summary>
    private readonly Dictionary<ServiceName, ObservedState> _seen = [];

    /// <summary>What had been printed by then; written down only where it turns out to be why a service was not done.</summary>
    private readonly Dictionary<ServiceName, IReadOnlyList<string>> _linesSoFar = [];

    /// <summary>Those that the engine was asked for by this driver.</summary>
    private readonly HashSet<ServiceName> _asked = [];
    private bool _shifted;

    /// <summary>Those of which the last look told nothing, and since when there are any.</summary>
    private readonly HashSet<ServiceName> _unseen = [];
    private long _blindSince;

    public bool AllHealthy => _seen.Count == Promotion.Services.Count && _seen.Values.All(s => s is ObservedState.Healthy or ObservedState.Draining or ObservedState.Complete);

    /// <summary>By the journal, so that a success that only was not written to its end is one, however late somebody looks.</summary>
    public bool AllComplete => _unseen.Count == 0 && Promotion.Services.All(IsInTime);

    public Failure? Failure { get; private set; }

    /// <summary>
    /// The failure of not being done within the limit, once it has passed. Whoever cannot see how it stands does not know that it is
    /// late, and looks again for a while.
    /// </summary>
    public Failure? Overdue
    {
        get
        {
            if (time.GetUtcNow() < Promotion.Deadline) return null;
            if (_unseen.Count > 0 && time.GetElapsedTime(_blindSince) < LongestBlindness) return null;
            var late = Promotion.Services.Where(s => !IsInTime(s)).DefaultIfEmpty(Promotion.Services[0]).MinBy(s => (s.Status == ServiceStatus.Waiting, s.Status))!;
            return new($"{late.Service} was not done within {Duration.Text(Limit)}: {WhyLate(late)}.", late.Service);
        }
    }

    /// <summary>What was checked before anything was touched no longer holds: without a process there is nothing that verifies.</summary>
    public Failure? Unverified => Promotion.AllowsEmpty || Promotion.Services.Any(s => s.Desired > 0)
        ? null
        : new($"Every service was scaled to 0 during the rollout, so nothing verified {Promotion.Release}.");

    /// <summary>The limit has passed before every service was asked for, as where a driver died early: none is begun any more.</summary>
    public bool IsTooLateToStart => time.GetUtcNow() >= Promotion.Deadline && Promotion.Services.Any(s => s.Status == ServiceStatus.Waiting);

    private TimeSpan Limit => TimeSpan.FromSeconds(Promotion.TimeoutSeconds ?? 0);

    private bool IsInTime(PromotionService service) => service.Status == ServiceStatus.Complete && service.CompletedAt <= Promotion.Deadline;

    private string WhyLate(PromotionService late) => late.Status switch
    {
        _ when _unseen.Contains(late.Service) => $"how it stands can't be seen ({late.Reason ?? "there was no answer"})",
        ServiceStatus.Waiting => "it was not asked for in time",
        ServiceStatus.Complete when late.CompletedAt is { } done => $"it was complete only after {Duration.Text(done - (Promotion.Deadline - Limit))}",
        ServiceStatus.Draining when late.Old > 0 => $"its new processes are healthy, but {late.Old} old {(late.Old == 1 ? "one has" : "ones have")} not ended",
        _ => $"{late.Healthy} of {late.Desired} processes became healthy" + (late.Reason is { } reason ? $" ({reason})" : ""),
    };

    /// <summary>The check found something: nothing was touched.</summary>
    public Task Refuse(IReadOnlyList<Problem> problems, CancellationToken cancel) => Finish(Promotion with
    {
        Status = PromotionStatus.Failed,
        Reason = Redacted(string.Join(' ', problems.Select(p => p.Message))),
        Findings = [.. problems.Select(p => Finding.From(p with { Message = Redacted(p.Message)! }))],
    }, cancel);

    /// <summary>Cancelled before anything was touched.</summary>
    public Task EndUntouched(string by, CancellationToken cancel) => Finish(Promotion with
    {
        Status = PromotionStatus.Cancelled,
        CancelledBy = by,
        Reason = $"Cancelled by {by}.",
    }, cancel);

    public Task BeginRollout(IReadOnlyList<ServiceName> retired, CancellationToken cancel) => Save(Promotion with
    {
        Status = PromotionStatus.RollingOut,
        // A release command has a limit of its own.
        Deadline = Promotion.Status == PromotionStatus.Releasing ? time.GetUtcNow() + TimeSpan.FromSeconds(Promotion.TimeoutSeconds ?? 0) : Promotion.Deadline,
        Services = [.. Rollout.Services.Select(s => new PromotionService { Service = s.Service.Name, Desired = s.Count }.At(ServiceStatus.Waiting, time.GetUtcNow()))],
        Retired = retired,
    }, cancel);

    /// <summary>
    /// Asks for every service that was not asked for yet; asking again, as after a take-over, is harmless. What is refused for now is
    /// asked again at the next look.
    /// </summary>
    public async Task StartAll(CancellationToken cancel)
    {
        if (AllComplete) return;
        foreach (var service in Promotion.Services.Where(s => !_asked.Contains(s.Service)).ToList())
        {
            if (service.Status == ServiceStatus.Waiting && time.GetUtcNow() >= Promotion.Deadline) return;
            if (service.Status == ServiceStatus.Waiting) await Save(service.At(ServiceStatus.Starting, time.GetUtcNow()), cancel);
            if (await Ask(service.Service, engine.Start, cancel)) _asked.Add(service.Service);
            if (Failure is not null || !_asked.Contains(service.Service)) return;
        }

        Trouble.IsPast();
    }

    /// <summary>Every service is healthy: only now is anything old given up.</summary>
    public async Task ShiftAll(CancellationToken cancel)
    {
        if (_shifted) return;
        _shifted = true;
        foreach (var service in Promotion.Services)
        {
            await Save(service.At(ServiceStatus.Draining, time.GetUtcNow()), cancel);
            _shifted &= await Ask(service.Service, engine.Shift, cancel);
        }

        await ObserveAll(cancel);
    }

    public async Task ObserveAll(CancellationToken cancel)
    {
        if (AllComplete || Failure is not null) return;
        var services = new List<PromotionService>();
        foreach (var name in Promotion.Services.Select(s => s.Service).ToList())
        {
            // Of what was not begun there is nothing to see; why not is in its record.
            if (!_asked.Contains(name) && Find(name).Engine is null)
            {
                services.Add(Find(name));
                continue;
            }

            var seen = await engine.Observe(Port(name), cancel);
            var service = Find(name);
            if (!_asked.Contains(name) && seen.State == ObservedState.Starting) seen = seen with { Reason = service.Reason ?? seen.Reason };
            if (!Saw(name, seen))
            {
                services.Add(service with { Reason = Redacted(seen.Reason) ?? service.Reason });
                continue;
            }

            _seen[name] = seen.State;
            _linesSoFar[name] = KeptOutput.Lines(seen.LinesSoFar, redactor);
            var observed = Observed(service, seen).At(StatusOf(seen.State, service.Status), time.GetUtcNow());
            services.Add(observed with { CompletedAt = seen.State == ObservedState.Complete ? seen.CompletedAt ?? service.CompletedAt ?? time.GetUtcNow() : null });
            if (seen.State is ObservedState.Failed or ObservedState.Superseded)
                Failure ??= new($"{service.Service} {observed.Reason ?? "failed"}.", service.Service);
        }

        if (!services.SequenceEqual(Promotion.Services)) await Save(Promotion with { Services = services }, cancel);
    }

    private bool Saw(ServiceName service, Observation seen)
    {
        if (seen.State != ObservedState.Unknown)
        {
            _unseen.Remove(service);
            return true;
        }

        if (_unseen.Count == 0) _blindSince = time.GetTimestamp();
        _unseen.Add(service);
        return false;
    }

    public Task Succeed(CancellationToken cancel) => Finish(Promotion with { Status = PromotionStatus.Succeeded }, cancel);

    /// <summary>False: it was not done, for now or for good.</summary>
    private async Task<bool> Ask(ServiceName service, Func<ServiceRollout, CancellationToken, Task> effect, CancellationToken cancel)
    {
        try
        {
            await effect(Port(service), cancel);
            return true;
        }
        catch (ProblemException passing) when (passing.MayPass())
        {
            Trouble.Is(redactor.Redact(passing.Problems[0].Message));
            await Save(Find(service) with { Reason = redactor.Redact(passing.Problems[0].Message.TrimEnd('.')) }, cancel);
        }
        catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
        {
            Failure ??= new($"{service}: {Redacted(problem.Message)}", service);
        }

        return false;
    }

    /// <summary>A service that was told to shift does not fall back to <c>healthy</c> in what people see.</summary>
    private static ServiceStatus StatusOf(ObservedState state, ServiceStatus current) => state switch
    {
        ObservedState.Starting => ServiceStatus.Starting,
        ObservedState.Healthy => current == ServiceStatus.Draining ? ServiceStatus.Draining : ServiceStatus.Healthy,
        ObservedState.Draining => ServiceStatus.Draining,
        ObservedState.Complete => ServiceStatus.Complete,
        ObservedState.Failed or ObservedState.Superseded => ServiceStatus.Failed,
        ObservedState.Unknown => current,
        _ => throw new InvalidOperationException($"The engine answered with the state {state}."),
    };
}
