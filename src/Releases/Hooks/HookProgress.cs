using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the progress of a hook in its app's event log, the only state stored besides the log. If it is lost, everything since the
/// hook was added is delivered again.
/// </summary>
public sealed record HookProgress : StoredDocument
{
    /// <summary>The number of deliveries that are kept for display.</summary>
    private const int MaxDeliveries = 10;

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The hook.</summary>
    public required HookId Hook { get; init; }

    /// <summary>The number of writes; each write is conditional on the previous revision.</summary>
    public long Revision { get; init; }

    /// <summary>The position of the last event that is done, or null if there is none.</summary>
    public string? Position { get; init; }

    /// <summary>The number of consecutive failures.</summary>
    public int Attempts { get; init; }

    /// <summary>When the first of the consecutive failures was, or null if the last attempt succeeded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the next attempt is due; immediately if null.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When the receiver answered that it is gone, after which nothing is delivered; null if it didn't.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The claim of the current deliverer, or null if there is none.</summary>
    public HookClaim? Claim { get; init; }

    /// <summary>The latest deliveries, one for each event, newest first.</summary>
    public IReadOnlyList<HookAttempt> Deliveries { get => field ?? []; init; }

    /// <summary>Creates the progress of a hook that hasn't delivered anything.</summary>
    public static HookProgress Of(Hook hook) => new() { App = hook.App, Hook = hook.Id, Position = hook.After };

    /// <summary>Determines whether another deliverer holds the claim.</summary>
    public bool IsClaimedFrom(string owner, DateTimeOffset now) => Claim is { } claim && claim.Owner != owner && claim.Until > now;

    /// <summary>Returns the progress with an event marked as done.</summary>
    public HookProgress Past(string position, HookAttempt attempt) =>
        (this with { Position = position, Attempts = 0, FailingSince = null, NextAttempt = null }).With(attempt);

    /// <summary>Returns the progress with an event that is retried.</summary>
    public HookProgress Again(DateTimeOffset next, HookAttempt attempt) =>
        (this with { Attempts = Attempts + 1, FailingSince = FailingSince ?? attempt.At, NextAttempt = next }).With(attempt);

    /// <summary>Returns the progress of a receiver that is permanently gone.</summary>
    public HookProgress Disabled(DateTimeOffset now, HookAttempt attempt) =>
        (this with { DisabledAt = now, NextAttempt = null, Attempts = 0, FailingSince = null })
            .With(attempt with { Outcome = HookOutcome.GivenUp });

    private HookProgress With(HookAttempt attempt) =>
        this with { Deliveries = [attempt, .. Deliveries.Where(d => d.Event != attempt.Event).Take(MaxDeliveries - 1)] };
}

/// <summary>
/// Represents the claim of an active deliverer. It avoids duplicate deliveries; which events are done doesn't depend on it.
/// </summary>
/// <param name="Owner">The deliverer.</param>
/// <param name="Until">When the claim expires, in case its owner died.</param>
public sealed record HookClaim(string Owner, DateTimeOffset Until) : Extensible;

/// <summary>Represents the latest attempt to deliver an event.</summary>
/// <param name="Event">The id under which the event is delivered.</param>
/// <param name="Kind">The kind of event.</param>
/// <param name="At">When the attempt was made.</param>
/// <param name="Outcome">The result of the attempt.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Milliseconds">The duration in milliseconds.</param>
/// <param name="Status">The HTTP status code of the response, or null if there was none.</param>
/// <param name="Detail">Why it wasn't delivered, or null if it was.</param>
public sealed record HookAttempt(
    string Event, string Kind, DateTimeOffset At, HookOutcome Outcome, int Attempt, long Milliseconds, int? Status, string? Detail)
        : Extensible;

/// <summary>Specifies the result of a delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookOutcome>))]
public enum HookOutcome
{
    /// <summary>The receiver accepted the event.</summary>
    [JsonStringEnumMemberName("delivered")] Delivered,

    /// <summary>The attempt failed and is retried.</summary>
    [JsonStringEnumMemberName("retrying")] Retrying,

    /// <summary>
    /// The event is no longer retried: it failed for a day, the receiver is gone, or the receiver refuses only this event.
    /// </summary>
    [JsonStringEnumMemberName("givenUp")] GivenUp,

    /// <summary>The receiver has no use for this event and would refuse it again.</summary>
    [JsonStringEnumMemberName("skipped")] Skipped,
}
