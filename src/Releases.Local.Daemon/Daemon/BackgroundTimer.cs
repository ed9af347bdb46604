namespace Releases.Local;

/// <summary>
/// Represents a timer of the daemon's housekeeping. An exception that leaves the callback of a timer ends the program and every service
/// with it, so a failure is reported, once for each cause in a row, and the work is done again later.
/// </summary>
internal sealed class BackgroundTimer : IAsyncDisposable, IDisposable
{
    /// <summary>The pause after a failure of a timer that isn't periodic.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly Action _run;
    private readonly Action<string> _report;
    private readonly TimeSpan? _period;
    private readonly ITimer _timer;
    private string? _reported;

    /// <param name="time">The clock.</param>
    /// <param name="name">What the timer does, as the start of a sentence: <c>ending the minute</c>.</param>
    /// <param name="run">Does it.</param>
    /// <param name="report">Receives failures.</param>
    /// <param name="due">The time until the first run.</param>
    /// <param name="period">The interval of further runs, or null if there are none.</param>
    public BackgroundTimer(TimeProvider time, string name, Action run, Action<string> report, TimeSpan due, TimeSpan? period = null)
    {
        (_name, _run, _report, _period) = (name, run, report, period);
        _timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Restart(due);
    }

    /// <summary>Runs it after this time, and periodically from then on if it has a period.</summary>
    public void Restart(TimeSpan due) => _timer.Change(due, _period ?? Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Run()
    {
        try
        {
            _run();
            _reported = null;
        }
#pragma warning disable CA1031 // See the summary.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (_reported != failure.Message) _report($"{_name} failed and is tried again: {failure}");
            _reported = failure.Message;
            if (_period is null) Restart(RetryDelay);
        }
    }
}
