namespace Releases;

/// <summary>Specifies how a command ended.</summary>
internal enum CommandOutcome
{
    /// <summary>It exited with 0.</summary>
    Succeeded,

    /// <summary>It exited with another code, or was ended by a signal.</summary>
    Failed,

    /// <summary>It couldn't be run.</summary>
    Refused,

    /// <summary>It was stopped at its limit.</summary>
    TimedOut,

    /// <summary>It was stopped because the promotion was cancelled.</summary>
    Cancelled,

    /// <summary>It couldn't be stopped.</summary>
    StillRuns,
}

/// <summary>Represents the result of a command.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Ended">The command as it is to be recorded.</param>
/// <param name="Failure">Why it failed, as a predicate, or null if it succeeded.</param>
/// <param name="CancelledBy">Who cancelled the promotion in the meantime, or null if nobody did.</param>
internal sealed record CommandResult(
    CommandOutcome Outcome, ReleaseCommand Ended, string? Failure = null, string? CancelledBy = null)
{
    /// <summary>Why it couldn't be run, or null if it was.</summary>
    public Problem? Refusal { get; init; }
}
