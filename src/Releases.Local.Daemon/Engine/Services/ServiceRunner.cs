namespace Releases.Local;

/// <summary>
/// Keeps one service in its desired state: asks the scheduler after every change and carries out its decision. One lock guards all state;
/// processes are started and ended outside of it.
/// </summary>
internal sealed partial class ServiceRunner(
    ServiceKey key, InstanceFactory instances, ServiceRoutes routes, Action changed, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ServiceInstance> _instances = [];
    private FailureHistory _failures = new(time);

    /// <summary>The failures of the previous revision, whose instances are held meanwhile.</summary>
    private FailureHistory _heldFailures = new(time);

    private IReadOnlyList<ServiceInstance> _routed = [];
    private Revision? _target;
    private Revision? _before;
    private Wanted _wanted = Wanted.Nothing;
    private bool _givenUp;
    private long? _completeSince;
    private BackgroundTimer? _timer;
    private bool _retired;
    private bool _disposed;

    public ServiceKey Key => key;

    public Revision? Target
    {
        get { lock (_gate) return _target; }
    }

    /// <summary>Gets the previous revision, which takes back the traffic in a rollback, or null if there is none.</summary>
    public Revision? Before
    {
        get { lock (_gate) return _before; }
    }

    /// <summary>Gets the release that is being replaced by another one, or null if there is none.</summary>
    public ReleaseId? Replaced
    {
        get { lock (_gate) return _before?.Release is { } release && release != _target?.Release ? release : null; }
    }

    /// <summary>Gets the releases that are running or about to run, also as a replacement of an old instance that died.</summary>
    public IReadOnlyList<ReleaseId> Releases
    {
        get
        {
            lock (_gate)
                return [.. _instances.Select(i => i.Revision).Concat(new[] { _target, _before }.OfType<Revision>()).Select(r => r.Release)];
        }
    }

    /// <summary>Runs this revision and nothing else, immediately and without a way back. Returns false if the runner was retired.</summary>
    public bool Run(Revision? revision) => TryChange(() =>
    {
        (_target, _before) = (revision, null);
        _wanted = revision?.Wanted() ?? Wanted.Nothing;
        _failures.Clear();
    });

    /// <summary>Runs this revision unless another one runs or is to run. Returns false if the runner was retired.</summary>
    public bool RunIfIdle(Revision revision) => TryChange(() =>
    {
        if (_target is not null || _before is not null) return;
        (_target, _wanted) = (revision, revision.Wanted());
        _failures.Clear();
    });

    /// <summary>
    /// Starts this revision beside the old processes. Repeated requests have no effect. Returns false if the runner was retired.
    /// </summary>
    public bool RollOut(Revision next) => TryChange(() =>
    {
        if (_target?.Id == next.Id) return;
        (_before, _target, _completeSince) = (_target, next, null);
        var old = _before?.Spec.Count ?? 0;
        // Without old and new processes, there is nothing to hold and nothing to wait for.
        _wanted = next.Wanted(old == 0 && next.Spec.Count == 0 ? null : old, breaker: true) with { KeepsHeld = next.KeepsOld };
        (_heldFailures, _failures) = (_failures, new(time));
    });

    /// <summary>Adjusts the number of instances to the app's record, unless a rollout is in progress.</summary>
    public void Scale(App app) => Change(() =>
    {
        if (_target is not { } target || _wanted.Held is not null || _wanted.Breaker) return;
        _target = target with { Spec = target.Spec with { Count = app.CountOf(target.Service) } };
        _wanted = _target.Wanted();
    });

    /// <summary>
    /// Checks the new instances again: one that was healthy may hang by now, which the kernel doesn't show. One that fails has to pass its
    /// check again. Returns whether the traffic can move to them.
    /// </summary>
    public async Task<bool> Confirm(CancellationToken cancel)
    {
        if (!CanMove) return false;
        List<ServiceInstance> asked;
        lock (_gate) asked = _wanted.Held is null ? [] : [.. _instances.Where(i => i.State == InstanceState.Healthy && IsOurs(i))];
        var reasons = await Task.WhenAll(asked.Select(i => i.CheckHealth(cancel)));
        if (Array.TrueForAll(reasons, r => r is null)) return CanMove;
        Change(() =>
        {
            for (var i = 0; i < asked.Count; i++)
                if (reasons[i] is { } reason) asked[i].FailCheck(reason);
        });
        return false;
    }

    /// <summary>Gets whether all new instances are healthy, or have the traffic for good already.</summary>
    public bool CanMove
    {
        get
        {
            lock (_gate)
            {
                if (!ConfirmAll()) Reconcile();
                return _wanted.Held is null || (!_givenUp && IsReady);
            }
        }
    }

    /// <summary>
    /// Gives the new instances their share of the traffic in this step. If the step keeps the old instances, the first new one that fails
    /// returns the traffic at once; otherwise they end as soon as all new ones are healthy.
    /// </summary>
    public void Route(RolloutStep step) => Change(() =>
    {
        // The old instances are no longer held, such as after a repeated request, or have the traffic again.
        if (_wanted.Held is null || HasReturned) return;
        // Without old instances nobody else could answer, not even the app's other new services.
        var percent = _wanted.Held == 0 && step.Percent > 0 ? 100 : step.ShareOf(key.Service);
        // With traffic, failures count from the beginning: what failed before has been proven since.
        if (!_wanted.Strict && (percent > 0 || !step.KeepsOld)) _failures.ResetCount();
        _wanted = step.KeepsOld ? _wanted with { Share = percent, Strict = percent > 0 } : _wanted with { Held = null, Strict = false };
    });

    /// <summary>
    /// Rolls back from this promotion's revision to the previous one, unless that one is already the target. Where all old instances
    /// stayed, the new ones get no more traffic. Where old ones made room, the new ones answer until enough old ones are healthy again.
    /// </summary>
    public void RollBack(PromotionId from) => Change(() =>
    {
        if (_target?.Promotion != from) return;
        (_target, _before) = (_before, null);
        _wanted = (_target?.Wanted() ?? Wanted.Nothing) with { RejectsOthers = Scheduler.KeepsAll(_wanted) };
        (_failures, _heldFailures) = (_heldFailures, new(time));
    });

    /// <summary>Makes the running revision permanent, because the promotion has ended.</summary>
    public void Settle() => Change(() =>
    {
        _before = null;
        _wanted = _wanted with { Held = null, Breaker = false, Strict = false };
    });

    /// <summary>Gets the address of a new instance before it has all the traffic, or null if there is none.</summary>
    public CandidateAddress? Candidate
    {
        get
        {
            lock (_gate)
                return _wanted.Held is not null
                    && _instances.FirstOrDefault(i => IsOurs(i) && i.State == InstanceState.Healthy) is { Target: { } at } instance
                    ? new(instance.Revision.Release, $"http://127.0.0.1:{at.Port}/") : null;
        }
    }

    /// <summary>Determines for good that nothing runs here. Returns false if something still does, or is to.</summary>
    public bool Retire()
    {
        lock (_gate) return _retired |= _target is null && _instances.Count == 0;
    }

    /// <summary>Returns a task that completes when no process of the service is left.</summary>
    public Task Ended()
    {
        lock (_gate) return Task.WhenAll(_instances.Select(i => i.Gone));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _disposed = true;
        }
    }

    /// <summary>Confirms every healthy instance, and returns false if one no longer is.</summary>
    private bool ConfirmAll() => _instances.Aggregate(true, (all, i) => i.Confirm() && all);

    /// <summary>Gets whether a new instance failed with traffic, which the old ones have again.</summary>
    private bool HasReturned => _givenUp && _wanted.Strict;

    private bool IsOurs(ServiceInstance instance) => instance.Revision.Id == _target?.Id;

    /// <summary>Gets the new instances that aren't ending.</summary>
    private List<ServiceInstance> Ours => [.. _instances.Where(i => i.State != InstanceState.Ending && IsOurs(i))];

    /// <summary>
    /// Gets whether there are as many new instances as desired, and all are healthy; after a failure, for some time already.
    /// </summary>
    private bool IsReady => AreHealthy(Ours, _wanted.Desired, _failures.Failures.Count == 0 ? TimeSpan.Zero : FailureHistory.ProofTime);

    /// <summary>
    /// Returns the instances with their weights. While the traffic is split, the old and the new ones have a weight each; instances with
    /// weight 0 get only requests that ask for them.
    /// </summary>
    /// <param name="routed">The instances that get ordinary requests.</param>
    /// <param name="ending">The instances that are about to end.</param>
    private IReadOnlyList<RoutedInstances> Weighted(IReadOnlyList<ServiceInstance> routed, IReadOnlyCollection<ServiceInstance> ending)
    {
        if (_wanted.Held is null) return [new(1, routed)];
        var healthy = _instances.Where(i => i.State == InstanceState.Healthy).Except(ending).ToLookup(i => IsOurs(i));
        var (old, fresh) = (routed.Count(i => !IsOurs(i)), routed.Count(i => IsOurs(i)));
        return old > 0 && fresh > 0 && _wanted.Share is > 0 and < 100 and var share
            ? [new(100 - share, [.. healthy[false]]), new(share, [.. healthy[true]])]
            : [new(1, routed), new(0, [.. healthy.SelectMany(h => h).Except(routed)])];
    }

    private void Change(Action change) => TryChange(change);

    private bool TryChange(Action change)
    {
        lock (_gate)
        {
            if (_retired) return false;
            change();
            Reconcile();
        }

        changed();
        return true;
    }

    private void Begin(Revision revision, FailureHistory failures)
    {
        var instance = instances.Create(revision, this, failures.NextRestarts());
        _instances.Add(instance);
        instance.Begin();
    }

    private void Reconcile()
    {
        // By the clock, a restart would wait for as long as somebody sets it back.
        var now = time.GetMonotonicNow();
        // No instance gets traffic because of an outdated observation.
        foreach (var instance in _instances.Except(_routed)) _ = instance.Confirm();
        ForgetOldFailures();
        var decision = Scheduler.Decide(
            _wanted, [.. _instances.Select(i => new Instance(i.Id, i.Revision.Id, i.State))], _failures.Failures, now,
            _heldFailures.Failures);
        _givenUp = decision.GivenUp;
        _routed = [.. _instances.Where(i => decision.Route.Contains(i.Id))];
        var ending = _instances.Where(i => decision.End.Contains(i.Id)).ToList();
        routes.Route(key, Weighted(_routed, ending), _wanted.Held is null ? null : _target?.Promotion);
        foreach (var instance in ending) instance.End();
        for (var i = 0; i < decision.Start; i++) Begin(_target!, _failures);
        for (var i = 0; i < decision.StartHeld && _before is not null; i++) Begin(_before, _heldFailures);

        _timer?.Dispose();
        _timer = Shorter(decision.LookAgain - now, UntilProof()) is { } wait && !_disposed
            ? new(time, $"{key.App}: looking after {key.Service}", () => Change(() => { }), instances.Report, wait) : null;
    }
}
