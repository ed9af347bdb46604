namespace Releases;

/// <summary>Something that a long-running process, as an agent or a daemon, does for a rack again and again.</summary>
/// <param name="Name">What it is called in the log, as the start of a sentence: <c>Delivering hooks</c>.</param>
/// <param name="Run">Does it, and returns how long to wait until the next time.</param>
public sealed record PeriodicDuty(string Name, Func<CancellationToken, Task<TimeSpan>> Run)
{
    /// <summary>Takes the app of a promotion that has ended in this process; the duty is due then. Null: it waits for its time.</summary>
    public Action<AppName>? PromotionEnded { get; init; }
}
