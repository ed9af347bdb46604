namespace Releases;

/// <summary>What follows an attempt: the next event, another attempt later, or that it is given up after a day.</summary>
internal static class HookRetries
{
    /// <summary>How long an event is tried again.</summary>
    public static readonly TimeSpan RetryFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan _first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    /// <summary>The progress after an attempt.</summary>
    /// <param name="progress">The progress before.</param>
    /// <param name="pending">The event that was tried, and those behind it.</param>
    /// <param name="attempt">How it went.</param>
    /// <param name="retryAfter">When the receiver asks to be tried again.</param>
    /// <param name="now">The time.</param>
    public static HookProgress After(HookProgress progress, IReadOnlyList<LoggedEvent> pending, HookAttempt attempt,
        TimeSpan? retryAfter, DateTimeOffset now)
    {
        if (attempt.Outcome != HookOutcome.Retrying) return progress.Past(pending[0].Position, attempt);
        var next = now + Pause(progress.Attempts + 1, retryAfter);
        if (now - pending[0].Event.At < RetryFor) return progress.Again(next, attempt);

        // The receiver is still down, so others of that age aren't tried either. What is younger keeps its day.
        var last = pending.TakeWhile(p => now - p.Event.At >= RetryFor && p.Event.Kind != EventKind.AppDeleted).LastOrDefault()
            ?? pending[0];
        var givenUp = progress.Past(last.Position, attempt with { Outcome = HookOutcome.GivenUp });
        return last.Event.Kind == EventKind.AppDeleted ? givenUp : givenUp with { Attempts = progress.Attempts + 1, NextAttempt = next };
    }

    /// <summary>5 s, 10 s, 20 s, … an hour; longer if the receiver asks for it, and an hour at most.</summary>
    internal static TimeSpan Pause(int failures, TimeSpan? retryAfter)
    {
        var doubled = failures > 10 ? _longest : _first * (1 << (failures - 1));
        var pause = retryAfter > doubled ? retryAfter.Value : doubled;
        return pause > _longest ? _longest : pause;
    }
}
