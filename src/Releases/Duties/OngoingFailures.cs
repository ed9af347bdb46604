namespace Releases;

/// <summary>
/// Reports work that fails and is retried: one line when an outage begins and one when it is over, however many sources it concerns and
/// however its text changes from attempt to attempt.
/// </summary>
/// <param name="report">Receives the lines.</param>
/// <param name="time">The clock.</param>
public sealed class OngoingFailures(Action<string> report, TimeProvider time)
{
    /// <summary>Throttled, unreachable and unreadable take turns in one outage.</summary>
    private const string Transient = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Outage> _failing = [];

    /// <summary>Notes that a source failed.</summary>
    /// <param name="source">Its name, as the start of a sentence: <c>Delivering hooks</c>.</param>
    /// <param name="failure">The failure.</param>
    public void Failed(string source, Exception failure)
    {
        var text = failure is ProblemException known ? known.Problems[0].Message : failure.ToString();
        var cause = failure is ProblemException problem && problem.IsTransient ? Transient : text;
        lock (_lock)
        {
            if (!_failing.TryGetValue(source, out var outage))
                _failing[source] = outage = _failing.Values.FirstOrDefault(o => o.Causes.Contains(cause))
                    ?? new(source, time.GetTimestamp(), []);
            if (!outage.Causes.Add(cause)) return;
        }

        report($"{source} failed: {text} Retrying.");
    }

    /// <summary>Notes that a source succeeded.</summary>
    public void Succeeded(string source)
    {
        if (End(source) is not { } over) return;
        var failed = TimeSpan.FromSeconds(Math.Ceiling(time.GetElapsedTime(over.Since).TotalSeconds));
        report($"{over.Source} works again after {Duration.Text(failed)}.");
    }

    /// <summary>Notes that a source no longer exists.</summary>
    public void Forget(string source) => End(source);

    /// <summary>Returns the outage if this was the last source that it concerned.</summary>
    private Outage? End(string source)
    {
        lock (_lock) return _failing.Remove(source, out var over) && !_failing.ContainsValue(over) ? over : null;
    }

    private sealed record Outage(string Source, long Since, HashSet<string> Causes);
}
