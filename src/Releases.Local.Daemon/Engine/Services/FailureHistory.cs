namespace Releases.Local;

/// <summary>
/// Records the failures of a service's revision. One moment of health doesn't make up for them: a process that crashes right after each
/// start passes a check every time.
/// </summary>
internal sealed class FailureHistory(TimeProvider time)
{
    /// <summary>How long the instances stay healthy after a failure before the service is ready.</summary>
    public static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(5);

    /// <summary>How long the instances stay healthy before earlier failures no longer count; the longest back-off.</summary>
    public static readonly TimeSpan ForgetTime = TimeSpan.FromSeconds(60);

    /// <summary>How often in a row another program may take an instance's port before that counts as a failure of the release.</summary>
    private const int MaxPortsLost = 5;

    private readonly Queue<int> _restarts = [];
    private string? _reason;
    private int _portsLost;
    private bool _isFinal;

    /// <summary>Gets the failures on which the scheduler bases its decisions.</summary>
    public RevisionFailures Failures { get; private set; }

    /// <summary>Gets why the last instance failed, or null if none did.</summary>
    public string? Reason => _reason;

    /// <summary>Gets the reason with the number of failures.</summary>
    public string? ReasonWithCount => Failures.Count > 1 && !_isFinal && _reason?.Split(". ", 2) is [var first, .. var rest]
        ? string.Join(". ", [$"{first} ({Failures.Count} times)", .. rest]) : _reason;

    /// <summary>Gets what to change so that the last instance doesn't fail again, or null if that isn't known.</summary>
    public string? Hint { get; private set; }

    /// <summary>Gets the last lines that the last failed instance printed.</summary>
    public IReadOnlyList<string> LastLines { get; private set; } = [];

    /// <summary>Returns the restart count of the next instance, which is one more than that of the instance it replaces.</summary>
    public int NextRestarts() => _restarts.TryDequeue(out var restarts) ? restarts : 0;

    public void Add(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines, string? hint = null)
    {
        Failures = new(Failures.Count + 1, time.GetMonotonicNow());
        _restarts.Enqueue(instance.Restarts + 1);
        // A failure that a restart can't fix explains the other failures, and not the other way around.
        if (!_isFinal) (_reason, LastLines, Hint) = (reason, lastLines, hint);
    }

    /// <summary>Adds a failure that a restart can't fix, which opens the circuit breaker by itself.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="lastLines">The last lines of its output.</param>
    /// <param name="threshold">The number of failures that opens the circuit breaker.</param>
    public void AddFinal(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines, int threshold)
    {
        Add(instance, reason, lastLines);
        (Failures, _isFinal) = (Failures with { Count = Math.Max(Failures.Count, threshold) }, true);
    }

    /// <summary>
    /// Adds the loss of a port to another program. The instance is restarted with another port, and the release isn't at fault. If this
    /// persists, something is wrong that another port doesn't fix.
    /// </summary>
    public void AddLostPort(ServiceInstance instance, string reason)
    {
        if (++_portsLost > MaxPortsLost) Add(instance, reason, []);
        else (_reason, LastLines, Hint) = ($"{reason}; it is started again with another one", [], null);
    }

    /// <summary>Resets the count; the last reason is kept.</summary>
    public void ResetCount() => (Failures, _portsLost, _isFinal) = (default, 0, false);

    /// <summary>Clears everything, because the failures of one revision don't apply to another.</summary>
    public void Clear()
    {
        ResetCount();
        (_reason, LastLines, Hint) = (null, [], null);
        _restarts.Clear();
    }
}
