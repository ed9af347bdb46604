namespace Releases.Local;

/// <summary>How the instances of a service's revision have failed since it last was healthy.</summary>
internal sealed class FailureHistory(TimeProvider time)
{
    /// <summary>How often in a row another program may take an instance's port before that counts against the release.</summary>
    private const int MaxPortsLost = 5;

    private readonly Queue<int> _restarts = [];
    private string? _reason;
    private int _portsLost;
    private bool _isFinal;

    /// <summary>What the scheduler goes by.</summary>
    public RevisionFailures Failures { get; private set; }

    /// <summary>Why the last one failed; null: none did.</summary>
    public string? Reason => _reason;

    /// <summary>The same, with how often.</summary>
    public string? ReasonWithCount => Failures.Count > 1 && !_isFinal ? $"{_reason}, {Failures.Count} times" : _reason;

    /// <summary>What the last one printed before it failed.</summary>
    public IReadOnlyList<string> LastLines { get; private set; } = [];

    /// <summary>How often the instance that the next one replaces was restarted, and the next one with that.</summary>
    public int NextRestarts() => _restarts.TryDequeue(out var restarts) ? restarts : 0;

    public void Add(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines)
    {
        Failures = new(Failures.Count + 1, time.GetUtcNow());
        _restarts.Enqueue(instance.Restarts + 1);
        // What starting again can't fix explains the other failures, and not the other way around.
        if (!_isFinal) (_reason, LastLines) = (reason, lastLines);
    }

    /// <summary>Starting it again would come to the same: a failure that opens the breaker by itself.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="reason">Why.</param>
    /// <param name="lastLines">What it printed last.</param>
    /// <param name="threshold">How many failures open the breaker.</param>
    public void AddFinal(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines, int threshold)
    {
        Add(instance, reason, lastLines);
        (Failures, _isFinal) = (Failures with { Count = Math.Max(Failures.Count, threshold) }, true);
    }

    /// <summary>
    /// Another program has an instance's port: it is started again with another one, which says nothing against the release. If
    /// that persists, something is wrong that another port doesn't fix.
    /// </summary>
    public void AddLostPort(ServiceInstance instance, string reason)
    {
        if (++_portsLost > MaxPortsLost) Add(instance, reason, []);
        else (_reason, LastLines) = ($"{reason}; it is started again with another one", []);
    }

    /// <summary>An instance is healthy: the count starts over, and what happened stays known.</summary>
    public void ResetCount() => (Failures, _portsLost, _isFinal) = (default, 0, false);

    /// <summary>How another revision failed says nothing about this one.</summary>
    public void Clear()
    {
        ResetCount();
        (_reason, LastLines) = (null, []);
        _restarts.Clear();
    }
}
