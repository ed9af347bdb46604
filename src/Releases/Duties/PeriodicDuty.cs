namespace Releases;

/// <summary>Represents work that a long-running process, such as an agent or a daemon, does for a rack repeatedly.</summary>
/// <param name="Name">Its name in the log, as the start of a sentence: <c>Delivering hooks</c>.</param>
/// <param name="Run">Does the work, and returns how long to wait until the next run.</param>
public sealed record PeriodicDuty(string Name, Func<CancellationToken, Task<TimeSpan>> Run)
{
    /// <summary>
    /// Receives the app of a promotion that ended in this process, which makes the duty due. If null, the duty only runs at its interval.
    /// </summary>
    public Action<AppName>? PromotionEnded { get; init; }
}
