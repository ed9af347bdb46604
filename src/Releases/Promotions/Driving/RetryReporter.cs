namespace Releases;

/// <summary>
/// Reports once when a driver begins to retry and once when it continues, however often it retries in between.
/// </summary>
/// <param name="drive">What is retried.</param>
/// <param name="tell">Receives the messages.</param>
/// <param name="time">The clock.</param>
public sealed class RetryReporter(PromotionDrive drive, Action<string> tell, TimeProvider time)
{
    /// <summary>A failure is over once it hasn't recurred for this long.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a failure that isn't transient is retried, because someone may grant a missing permission in the meantime.
    /// </summary>
    internal static TimeSpan RetryFor { get; } = TimeSpan.FromMinutes(1);

    private (long Began, long Last)? _current;
    private bool _hasFailed;
    private (TimeSpan Lasted, string Why) _longest = (TimeSpan.Zero, "");

    /// <summary>Receives why driving is interrupted, as a sentence, and null once it continues.</summary>
    public Action<string?> Interrupted { get; init; } = _ => { };

    /// <summary>
    /// Returns the longest interruption, as the text that follows "the promotion was": <c>held up for 42s: the disk is full</c>. Returns
    /// null if none lasted so long.
    /// </summary>
    public string? HeldUpFor(TimeSpan atLeast) => _longest is (var lasted, var why) && lasted > TimeSpan.Zero && lasted >= atLeast
        ? $"held up for {Duration.Text(TimeSpan.FromSeconds(Math.Ceiling(lasted.TotalSeconds)))}: {why.TrimEnd('.')}"
        : null;

    /// <summary>Reports that something failed and is retried.</summary>
    public void Retry(string what)
    {
        var now = time.GetTimestamp();
        var until = drive.Limit() is { } limit ? $" until {limit.UtcDateTime:HH:mm:ss} UTC" : "";
        if (_current is null)
        {
            var said = drive.Ended is { } ended
                ? $"promotion {drive.Held.Promotion} {Outcome(ended)}, but the cleanup failed: {what} Retrying."
                : $"promotion {drive.Held.Promotion} is interrupted: {what} Retrying{until}.";
            tell(said);
            Interrupted(said);
        }

        _hasFailed = true;
        _current = (_current?.Began ?? now, now);
        var lasted = time.GetElapsedTime(_current.Value.Began, now);
        if (lasted > _longest.Lasted) _longest = (lasted, what);
    }

    /// <summary>Ends a round of the driver: its requests, and an observation. Rounds without a failure end an interruption.</summary>
    public void EndRound()
    {
        var hasFailed = _hasFailed;
        _hasFailed = false;
        if (hasFailed || _current is not { } retry || time.GetElapsedTime(retry.Last) < Calm) return;
        var seconds = Math.Ceiling(time.GetElapsedTime(retry.Began).TotalSeconds);
        tell($"promotion {drive.Held.Promotion} continues after {Duration.Text(TimeSpan.FromSeconds(seconds))}");
        Interrupted(null);
        _current = null;
    }

    /// <summary>Determines whether it was retried for long enough.</summary>
    /// <param name="transient">Whether the failure is transient.</param>
    public bool IsExhausted(bool transient) => _current is { } retry && time.GetElapsedTime(retry.Began) >= RetryFor
        && (!transient || drive.Ended is not null
            || time.GetUtcNow() >= (drive.Limit() ?? drive.Held.StartedAt + ReleasePlan.DefaultTimeout));

    /// <summary>Reports that cleaning up after a promotion that has ended is given up; its outcome stands.</summary>
    public void CleanUpGivenUp(Promotion ended, Problem cause) => tell(
        $"promotion {drive.Held.Promotion} {Outcome(ended)}, and the cleanup was given up: {cause.Message}");

    private static string Outcome(Promotion ended) => ended.Status switch
    {
        PromotionStatus.Cancelled => "was cancelled",
        PromotionStatus.Stuck => "is stuck",
        var status => status.ToString().ToLowerInvariant(),
    };

    /// <summary>Returns the problem of a driver that gives up.</summary>
    public Problem GivenUp(Problem cause) => cause with
    {
        Message =
            $"promotion {drive.Held.Promotion} of {drive.Held.Release} is still open, but can't be driven from here: {cause.Message} "
                + "The rack continues what it was asked for; nobody enforces the promotion's time limit or records its outcome.",
        Unchanged = null,
        Remedy = Remedy.Do(Operation.WatchPromotion, "Resume it once the cause is fixed")
            .Or(Remedy.Do(Operation.CancelPromotion, "Roll it back")),
        Kind = ProblemKind.NeedsPerson,
    };
}
