namespace Releases.Local;

/// <content>The observable state of the runner.</content>
internal sealed partial class ServiceRunner
{
    /// <summary>Returns the current state. If it is complete, the caller may record that.</summary>
    public Observation Observe()
    {
        lock (_gate)
        {
            if (!ConfirmAll()) Reconcile();
            var (mine, whole) = (Ours, IsReady);
            var healthy = mine.Count(i => i.State == InstanceState.Healthy);
            var old = _instances.Count(i => !IsOurs(i));
            var state = _givenUp ? ObservedState.Failed
                : !whole ? ObservedState.Starting
                : _wanted.Held is not null ? ObservedState.Healthy
                : old > 0 ? ObservedState.Draining
                : ObservedState.Complete;
            _completeSince = state == ObservedState.Complete ? _completeSince ?? time.GetTimestamp() : null;
            return new(state)
            {
                Running = mine.Count,
                Healthy = healthy,
                Old = old,
                Reason = _givenUp ? _failures.ReasonWithCount
                    : !whole ? mine.Select(i => i.UnhealthyReason).FirstOrDefault(t => t is not null) ?? _failures.Reason
                    : _wanted.Desired == 0 && _target is not null ? EmptyRollout.NotVerified
                    : null,
                Hint = _givenUp ? _failures.Hint : null,
                LastLines = _givenUp || !whole ? _failures.LastLines : [],
                LinesSoFar = mine.FirstOrDefault(i => i.State == InstanceState.Starting)?.LastLines ?? [],
                CompleteFor = _completeSince is { } since ? time.GetElapsedTime(since) : null,
            };
        }
    }

    /// <param name="problem">A problem that the processes don't know, such as a port in use.</param>
    public ServiceSnapshot Snapshot(string? problem)
    {
        lock (_gate)
        {
            // As long as an old instance has traffic, and while none has any, the address is the previous release's.
            var (carrier, desired) = _wanted.Held is { } held && _before is not null
                && (_routed.Count == 0 || _routed.Any(i => !IsOurs(i)))
                ? (_before, held)
                : (_target, _wanted.Desired);
            return new(key, carrier?.Release, carrier?.Service, desired,
                problem ?? (_failures.Failures.Count > 0 && !IsReady ? _failures.ReasonWithCount : null),
                [.. _instances.Select(i => i.Describe())])
            {
                Candidate = Candidate,
            };
        }
    }
}

/// <summary>Represents a service at one moment.</summary>
internal sealed record ServiceSnapshot(
    ServiceKey Key, ReleaseId? Release, Service? Service, int Desired, string? Problem, IReadOnlyList<RunningProcess> Processes)
{
    /// <summary>Gets the address at which its new release can be tested.</summary>
    public CandidateAddress? Candidate { get; init; }
}
