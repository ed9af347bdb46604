namespace Releases.Local;

/// <summary>
/// Keeps one service as it is wanted: asks the scheduler after every change and does what it says. All state is behind one
/// gate; processes are started and ended outside of it.
/// </summary>
internal sealed class ServiceRunner(ServiceKey key, InstanceFactory instances, Action changed, TimeProvider time) : IDisposable
{
    /// <summary>How often in a row a port that another program took is no failure of the release.</summary>
    private const int MostPortsLost = 5;

    private readonly Lock _gate = new();
    private readonly List<ServiceInstance> _instances = [];
    private readonly Queue<int> _restarts = [];
    private IReadOnlyList<ServiceInstance> _routed = [];
    private Revision? _target;
    private Revision? _before;
    private Wanted _wanted = Wanted.Nothing;
    private RevisionFailures _failures;
    private string? _failure;
    private IReadOnlyList<string> _lastLines = [];
    private int _portsLost;
    private bool _isFinal;
    private bool _givenUp;
    private DateTimeOffset? _completedAt;
    private ITimer? _timer;

    public ServiceKey Key => key;

    public Revision? Target
    {
        get { lock (_gate) return _target; }
    }

    /// <summary>The release whose place another one takes; null: none, or the same.</summary>
    public ReleaseId? Replaced
    {
        get { lock (_gate) return _before?.Release is { } release && release != _target?.Release ? release : null; }
    }

    /// <summary>The releases that it runs or is about to.</summary>
    public IReadOnlyList<ReleaseId> Releases
    {
        get { lock (_gate) return [.. _instances.Select(i => i.Revision.Release), .. _target is null ? [] : new[] { _target.Release }]; }
    }

    /// <summary>Runs this and nothing else, at once: there is nothing to go back to.</summary>
    public void Run(Revision? revision) => Change(() =>
    {
        (_target, _before) = (revision, null);
        _wanted = revision?.Wanted() ?? Wanted.Nothing;
        Forget();
    });

    /// <summary>Starts this next to the old processes; asking again for the same is harmless.</summary>
    public void RollOut(Revision next) => Change(() =>
    {
        if (_target?.Id == next.Id) return;
        (_before, _target) = (_target, next);
        _wanted = next.Wanted(held: _before?.Spec.Count ?? 0, breaker: true);
        Forget();
    });

    /// <summary>Has as many instances as the app's record says, once it is settled.</summary>
    public void Scale(App app) => Change(() =>
    {
        if (_target is not { } target || _wanted.Held is not null || _wanted.Breaker) return;
        _target = target with { Spec = target.Spec with { Count = app.CountOf(target.Service) } };
        _wanted = _target.Wanted();
    });

    /// <summary>Gives the new instances a share of the traffic, in percent; at 100 % the old ones end.</summary>
    public async Task Route(int percent, CancellationToken cancel)
    {
        if (percent < 100) Change(() => _wanted = _wanted with { Share = percent });
        else await RouteAll(cancel);
    }

    /// <summary>
    /// Gives the new ones the traffic and ends the old ones, as soon as all of the new ones are healthy. What was healthy up to now may
    /// hang since, which the kernel does not tell, so each is asked again first.
    /// </summary>
    private async Task RouteAll(CancellationToken cancel)
    {
        List<ServiceInstance> asked;
        lock (_gate)
        {
            // The old instances are no longer held, as after an earlier request.
            if (_wanted.Held is null) return;
            asked = [.. _instances.Where(i => i.State == InstanceState.Healthy && i.Revision.Id == _target?.Id)];
        }

        var troubles = await Task.WhenAll(asked.Select(i => i.Ask(cancel)));
        Change(() =>
        {
            for (var i = 0; i < asked.Count; i++)
                if (troubles[i] is { } trouble) asked[i].Distrust(trouble);
            _ = ConfirmAll();
            _wanted = _wanted with { Held = null };
        });
    }

    /// <summary>Rolls back from this promotion's revision to the one before; nothing to do if that one is already desired.</summary>
    public void GoBack(PromotionId from) => Change(() =>
    {
        if (_target?.Promotion != from) return;
        (_target, _before) = (_before, null);
        _wanted = _target?.Wanted() ?? Wanted.Nothing;
        Forget();
    });

    /// <summary>The promotion has ended: the running revision is the desired one, for good.</summary>
    public void Settle() => Change(() =>
    {
        _before = null;
        _wanted = _wanted with { Held = null, Breaker = false };
    });

    /// <summary>The state at this moment: if it is complete, the caller may record that.</summary>
    public Observation Observe()
    {
        lock (_gate)
        {
            if (!ConfirmAll()) Reconcile();
            var living = _instances.Where(i => i.State != InstanceState.Ending).ToList();
            var mine = living.Where(i => i.Revision.Id == _target?.Id).ToList();
            var healthy = mine.Count(i => i.State == InstanceState.Healthy);
            var old = _instances.Count(i => i.Revision.Id != _target?.Id);
            var whole = healthy >= _wanted.Desired && mine.Count == healthy;
            var state = _givenUp ? ObservedState.Failed
                : !whole ? ObservedState.Starting
                : _wanted.Held is not null ? ObservedState.Healthy
                : old > 0 ? ObservedState.Draining
                : ObservedState.Complete;
            _completedAt = state == ObservedState.Complete ? _completedAt ?? time.GetUtcNow() : null;
            return new(state)
            {
                Running = mine.Count,
                Healthy = healthy,
                Old = old,
                Reason = _givenUp ? Counted(_failure)
                    : !whole ? mine.Select(i => i.Trouble).FirstOrDefault(t => t is not null) ?? _failure
                    : _wanted.Desired == 0 ? EmptyRollout.NotVerified
                    : null,
                LastLines = _givenUp || !whole ? _lastLines : [],
                LinesSoFar = mine.FirstOrDefault(i => i.State == InstanceState.Starting)?.LastLines ?? [],
                CompletedAt = _completedAt,
            };
        }
    }

    /// <param name="problem">What its processes cannot tell, such as a port in use.</param>
    public ServiceSnapshot Snapshot(string? problem)
    {
        lock (_gate)
            return new(key, _target?.Release, _target?.Service, _wanted.Desired, problem ?? (_failures.Count > 0 ? Counted(_failure) : null),
                [.. _instances.Select(i => i.Describe())]);
    }

    /// <summary>Completes when no process of the service is left.</summary>
    public Task Ended()
    {
        lock (_gate) return Task.WhenAll(_instances.Select(i => i.Gone));
    }

    public void BecameHealthy(ServiceInstance instance) => Change(() =>
    {
        if (instance.TurnHealthy() && instance.Revision.Id == _target?.Id) (_failures, _portsLost, _isFinal) = (default, 0, false);
    });

    /// <summary>An instance may no longer be what it was seen to be.</summary>
    public void Doubt(ServiceInstance instance) => Change(() => _ = instance.Confirm());

    /// <summary>What keeps an instance from being healthy is known, or another thing than before.</summary>
    public void IsTroubled() => changed();

    /// <summary>
    /// Another program has an instance's port: it is started afresh with another one, which says nothing against the release. Where
    /// that persists, something is wrong that another port doesn't fix.
    /// </summary>
    public void LostPort(ServiceInstance instance, string reason) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        if (instance.Revision.Id == _target?.Id)
        {
            if (++_portsLost > MostPortsLost) NoteFailure(instance, reason, []);
            else (_failure, _lastLines) = ($"{reason}; it is started again with another one", []);
        }

        instance.End();
    });

    /// <summary>Starting it again would come to the same: a failure that opens the breaker by itself.</summary>
    public void CannotBecomeHealthy(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        NoteFailure(instance, reason, lastLines);
        if (instance.Revision.Id == _target?.Id)
            (_failures, _isFinal) = (_failures with { Count = Math.Max(_failures.Count, Scheduler.Threshold(_wanted.Desired)) }, true);
        instance.End();
    });

    /// <summary>An instance ended; by itself, that is a failure of its revision.</summary>
    public void HasEnded(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        _instances.Remove(instance);
        if (instance.State != InstanceState.Ending) NoteFailure(instance, reason, lastLines);
        instance.Dispose();
    });

    /// <summary>An instance lives and is not healthy: it is ended, and that is a failure of its revision.</summary>
    public void IsUnhealthy(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        NoteFailure(instance, reason, lastLines);
        instance.End();
    });

    public void Dispose() => _timer?.Dispose();

    /// <summary>How another revision failed says nothing about this one.</summary>
    private void Forget()
    {
        (_failures, _failure, _lastLines, _portsLost, _isFinal) = (default, null, [], 0, false);
        _restarts.Clear();
    }

    /// <summary>Looks at every healthy instance once more; false if one is not any longer.</summary>
    private bool ConfirmAll() => _instances.Aggregate(true, (all, i) => i.Confirm() && all);

    private void NoteFailure(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines)
    {
        if (instance.Revision.Id != _target?.Id) return;
        _failures = new(_failures.Count + 1, time.GetUtcNow());
        _restarts.Enqueue(instance.Restarts + 1);
        // What starting again can't fix explains the other failures, and not the other way around.
        if (!_isFinal) (_failure, _lastLines) = (reason, lastLines);
    }

    /// <summary>Old and new instances have a weight each while the traffic is split between them.</summary>
    private IReadOnlyList<RoutedInstances> Weighted(IReadOnlyList<ServiceInstance> routed)
    {
        if (_wanted is not { Held: not null, Share: > 0 and var share }) return [new(1, routed)];
        var byTarget = routed.ToLookup(i => i.Revision.Id == _target?.Id);
        return [new(100 - share, [.. byTarget[false]]), new(share, [.. byTarget[true]])];
    }

    private string? Counted(string? reason) => _failures.Count > 1 && !_isFinal ? $"{reason}, {_failures.Count} times" : reason;

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Reconcile();
        }

        changed();
    }

    private void Reconcile()
    {
        var now = time.GetUtcNow();
        // Nothing gets traffic by what was so a while ago.
        foreach (var instance in _instances.Except(_routed)) _ = instance.Confirm();
        var decision = Scheduler.Decide(_wanted, [.. _instances.Select(i => new Instance(i.Id, i.Revision.Id, i.State))], _failures, now);
        _givenUp = decision.GivenUp;
        _routed = [.. _instances.Where(i => decision.Route.Contains(i.Id))];
        instances.Route(key, Weighted(_routed));
        foreach (var instance in _instances.Where(i => decision.End.Contains(i.Id)).ToList()) instance.End();
        for (var i = 0; i < decision.Start; i++)
        {
            var instance = instances.Create(_target!, this, _restarts.TryDequeue(out var before) ? before : 0);
            _instances.Add(instance);
            instance.Begin();
        }

        _timer?.Dispose();
        _timer = decision.LookAgain is { } at ? time.CreateTimer(_ => Change(() => { }), null, at - now, Timeout.InfiniteTimeSpan) : null;
    }
}

/// <summary>Instances that together get a share of a service's traffic.</summary>
/// <param name="Weight">Their share, as against that of the others.</param>
/// <param name="Instances">The instances.</param>
internal sealed record RoutedInstances(int Weight, IReadOnlyList<ServiceInstance> Instances);

/// <summary>A service as it is at one moment.</summary>
internal sealed record ServiceSnapshot(
    ServiceKey Key, ReleaseId? Release, Service? Service, int Desired, string? Problem, IReadOnlyList<RunningProcess> Processes);
