namespace Releases.Tests.Scheduling;

/// <summary>Performs the scheduler's decisions on instances that become healthy, fail and end when the test asks for it.</summary>
internal sealed class SimulatedService
{
    private readonly List<Instance> _instances = [];
    private int _next;

    public Wanted Wanted { get; set; } = Wanted.Nothing;

    public RevisionFailures Failures { get; set; }

    /// <summary>The failures of the held instances.</summary>
    public RevisionFailures HeldFailures { get; set; }

    /// <summary>The revision of the instances that are held during a rollout.</summary>
    public string Held { get; set; } = "old";

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public IReadOnlyList<Instance> Instances => _instances;

    public Decision Last { get; private set; } = new(0, [], [], false, null);

    public int Healthy(string revision) => _instances.Count(i => i.Revision == revision && i.State == InstanceState.Healthy);

    /// <summary>One decision, performed.</summary>
    public Decision Step()
    {
        Last = Scheduler.Decide(Wanted, _instances, Failures, Now, HeldFailures);
        for (var i = 0; i < _instances.Count; i++)
            if (Last.End.Contains(_instances[i].Id)) _instances[i] = _instances[i] with { State = InstanceState.Ending };
        for (var i = 0; i < Last.Start; i++) _instances.Add(new($"i{_next++}", Wanted.Target!, InstanceState.Starting));
        for (var i = 0; i < Last.StartHeld; i++) _instances.Add(new($"i{_next++}", Held, InstanceState.Starting));
        return Last;
    }

    public void BecomeHealthy() => Each(i => i.State == InstanceState.Starting ? i with { State = InstanceState.Healthy } : i);

    public void EndedAreGone() => _instances.RemoveAll(i => i.State == InstanceState.Ending);

    public void Crash(string revision)
    {
        var crashed = _instances.RemoveAll(i => i.Revision == revision && i.State != InstanceState.Ending);
        if (crashed == 0) return;
        if (revision == Wanted.Target) Failures = new(Failures.Count + crashed, Now);
        else HeldFailures = new(HeldFailures.Count + crashed, Now);
    }

    /// <summary>Ends one instance by itself, whatever its state.</summary>
    public void CrashOne(int index)
    {
        var crashed = _instances[index];
        _instances.RemoveAt(index);
        if (crashed.State == InstanceState.Ending) return;
        if (crashed.Revision == Wanted.Target) Failures = new(Failures.Count + 1, Now);
        else HeldFailures = new(HeldFailures.Count + 1, Now);
    }

    /// <summary>Decides, and lets what was started become healthy and what was ended go, until nothing changes.</summary>
    public void Settle(Action? afterEach = null)
    {
        for (var i = 0; i < 1000; i++)
        {
            var before = _instances.ToList();
            Step();
            afterEach?.Invoke();
            BecomeHealthy();
            Step();
            afterEach?.Invoke();
            EndedAreGone();
            if (before.SequenceEqual(_instances)) return;
        }

        throw new InvalidOperationException("The scheduler does not come to rest.");
    }

    private void Each(Func<Instance, Instance> change)
    {
        for (var i = 0; i < _instances.Count; i++) _instances[i] = change(_instances[i]);
    }
}
