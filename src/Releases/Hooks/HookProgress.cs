using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// How far a hook got in its app's event log: the one thing that is stored besides the log. If it is lost, everything since the hook
/// was added is delivered again.
/// </summary>
public sealed record HookProgress : StoredDocument
{
    /// <summary>How many deliveries are kept for people to look at.</summary>
    private const int MaxDeliveries = 10;

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The hook.</summary>
    public required HookId Hook { get; init; }

    /// <summary>Counts its writes; each is on condition of the one before.</summary>
    public long Revision { get; init; }

    /// <summary>The position of the last event that is done with; null: none is.</summary>
    public string? Position { get; init; }

    /// <summary>How often in a row delivering failed.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried again; null: at once.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When the receiver answered that it is gone, so that nothing more is delivered; null: it didn't.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Who delivers now; null: nobody.</summary>
    public HookClaim? Claim { get; init; }

    /// <summary>The latest deliveries, one for each event, the newest first.</summary>
    public IReadOnlyList<HookAttempt> Deliveries { get => field ?? []; init; }

    /// <summary>The progress of a hook that delivered nothing yet.</summary>
    public static HookProgress Of(Hook hook) => new() { App = hook.App, Hook = hook.Id, Position = hook.After };

    /// <summary>Whether another deliverer is at it.</summary>
    public bool IsClaimedFrom(string owner, DateTimeOffset now) => Claim is { } claim && claim.Owner != owner && claim.Until > now;

    /// <summary>With an event that is done with.</summary>
    public HookProgress Past(string position, HookAttempt attempt) =>
        (this with { Position = position, Attempts = 0, NextAttempt = null }).With(attempt);

    /// <summary>With an event that is tried again.</summary>
    public HookProgress Again(DateTimeOffset next, HookAttempt attempt) =>
        (this with { Attempts = Attempts + 1, NextAttempt = next }).With(attempt);

    /// <summary>With a receiver that is gone for good.</summary>
    public HookProgress Disabled(DateTimeOffset now, HookAttempt attempt) =>
        (this with { DisabledAt = now, NextAttempt = null, Attempts = 0 }).With(attempt with { Outcome = HookOutcome.GivenUp });

    private HookProgress With(HookAttempt attempt) =>
        this with { Deliveries = [attempt, .. Deliveries.Where(d => d.Event != attempt.Event).Take(MaxDeliveries - 1)] };
}

/// <summary>A deliverer that is at work. It keeps two from sending the same; which events are done doesn't depend on it.</summary>
/// <param name="Owner">Who.</param>
/// <param name="Until">When it no longer counts, if its owner died.</param>
public sealed record HookClaim(string Owner, DateTimeOffset Until) : Extensible;

/// <summary>The delivery of an event, as it went last.</summary>
/// <param name="Event">The id under which it is delivered.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it was tried.</param>
/// <param name="Outcome">How that went.</param>
/// <param name="Attempt">Which attempt it was, from 1.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">The HTTP status that was answered; null: none.</param>
/// <param name="Detail">Why it wasn't delivered; null: it was.</param>
public sealed record HookAttempt(
    string Event, string Kind, DateTimeOffset At, HookOutcome Outcome, int Attempt, long Milliseconds, int? Status, string? Detail)
        : Extensible;

/// <summary>How a delivery went.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookOutcome>))]
public enum HookOutcome
{
    /// <summary>The receiver has it.</summary>
    [JsonStringEnumMemberName("delivered")] Delivered,

    /// <summary>It failed and is tried again.</summary>
    [JsonStringEnumMemberName("retrying")] Retrying,

    /// <summary>It failed for a day and isn't tried again.</summary>
    [JsonStringEnumMemberName("givenUp")] GivenUp,

    /// <summary>The receiver has no use for this event and would refuse it again.</summary>
    [JsonStringEnumMemberName("skipped")] Skipped,
}
