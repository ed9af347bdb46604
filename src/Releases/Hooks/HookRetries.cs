namespace Releases;

/// <summary>
/// Decides what follows an attempt: the next event, a later attempt, or giving up after a day. The day begins with the event, or with the
/// first failure if that was later, such as when the rack was off in between.
/// </summary>
internal static class HookRetries
{
    /// <summary>How long an event is retried.</summary>
    public static readonly TimeSpan RetryFor = TimeSpan.FromDays(1);

    /// <summary>The number of refusals of an event before the next event is tried.</summary>
    public const int MaxRefusals = 5;

    private const int Gone = 410;

    private static readonly TimeSpan LongestAfterRefusal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Returns the progress after an attempt.</summary>
    /// <param name="progress">The progress before.</param>
    /// <param name="pending">The event that was tried, and the events after it.</param>
    /// <param name="attempt">The result of the attempt.</param>
    /// <param name="retryAfter">When the receiver asks for another attempt.</param>
    /// <param name="now">The time.</param>
    public static HookProgress After(HookProgress progress, IReadOnlyList<LoggedEvent> pending, HookAttempt attempt,
        TimeSpan? retryAfter, DateTimeOffset now)
    {
        if (attempt.Outcome != HookOutcome.Retrying) return progress.Past(pending[0].Position, attempt);
        if (attempt.Status == Gone) return progress.Disabled(now, attempt);
        var next = now + Pause(progress.Attempts + 1, retryAfter, IsRefusal(attempt) ? LongestAfterRefusal : Longest);
        var failingSince = progress.FailingSince ?? now;
        if (!IsOver(pending[0])) return progress.Again(next, attempt);

        // The receiver is still down, so other events of that age aren't tried either. Younger events keep their day.
        var last = pending.TakeWhile(p => IsOver(p) && p.Event.Kind != EventKind.AppDeleted).LastOrDefault() ?? pending[0];
        var givenUp = progress.Past(last.Position, attempt with { Outcome = HookOutcome.GivenUp });
        return last.Event.Kind == EventKind.AppDeleted ? givenUp
            : givenUp with { Attempts = progress.Attempts + 1, FailingSince = failingSince, NextAttempt = next };

        bool IsOver(LoggedEvent one) => now - (one.Event.At > failingSince ? one.Event.At : failingSince) >= RetryFor;
    }

    /// <summary>
    /// Determines whether to try the next event, to learn what the receiver refuses: this event only or, as with a wrong token, everything.
    /// An event that alone is refused must not block the others.
    /// </summary>
    /// <param name="after">The progress after an attempt.</param>
    /// <param name="attempt">The result of the attempt.</param>
    public static bool AsksTheNext(HookProgress after, HookAttempt attempt) => IsRefusal(attempt) && after.Attempts >= MaxRefusals;

    /// <summary>Returns the progress when the receiver refused an event but accepted one after it.</summary>
    public static HookProgress Past(
        HookProgress progress, LoggedEvent refused, HookAttempt refusal, IEnumerable<(LoggedEvent Event, HookAttempt Attempt)> behind)
    {
        var givenUp = refusal with { Outcome = HookOutcome.GivenUp, Detail = $"{refusal.Detail}, and took a later event" };
        return behind.Aggregate(progress.Past(refused.Position, givenUp), (past, next) => past.Past(next.Event.Position, next.Attempt));
    }

    /// <summary>
    /// Returns the pause: 5 s, 10 s, 20 s, … up to the longest pause; longer if the receiver asks for it, but at most an hour.
    /// </summary>
    internal static TimeSpan Pause(int failures, TimeSpan? retryAfter, TimeSpan? longest = null)
    {
        var most = longest ?? Longest;
        var doubled = failures > 10 || First * (1 << (failures - 1)) > most ? most : First * (1 << (failures - 1));
        var pause = retryAfter > doubled ? retryAfter.Value : doubled;
        return pause > Longest ? Longest : pause;
    }

    /// <summary>A 4xx status means that the message is wrong, except for the codes that ask for another attempt.</summary>
    private static bool IsRefusal(HookAttempt attempt) =>
        attempt is { Outcome: HookOutcome.Retrying, Status: >= 400 and < 500 and not (408 or Gone or 425 or 429) };
}
