namespace Releases;

/// <summary>
/// Represents an expected failure, in the user's terms: a stable code, one sentence that says what is wrong and what still works, and what
/// to do next.
/// </summary>
/// <param name="Code">One of <see cref="ProblemCode"/>, for example <c>CONVOX0004</c>.</param>
/// <param name="Message">What is wrong, as sentences with their periods, so that it can be quoted as a cause.</param>
/// <param name="Remedy">What to do next, or <c>null</c> if the message says it.</param>
/// <param name="Kind">What the failure means to the caller; each user interface has its own form of it, such as an exit code.</param>
/// <param name="Location">The file, line and column of the problem, if it is in a file.</param>
/// <param name="Unchanged">
/// What the failed request left as it was, as a sentence such as <see cref="NothingChanged"/>. It is true of that request alone, so
/// whoever reports the problem as the cause of another leaves it out.
/// </param>
public sealed record Problem(
    string Code,
    string Message,
    Remedy? Remedy = null,
    ProblemKind Kind = ProblemKind.Failed,
    SourceLocation? Location = null,
    string? Unchanged = null)
{
    /// <summary>The request changed nothing.</summary>
    public const string NothingChanged = "Nothing changed.";

    /// <summary>The request stored no record and no artifact.</summary>
    public const string NothingWasStored = "Nothing was stored.";

    /// <summary>The request made no release.</summary>
    public const string NothingWasReleased = "Nothing was released.";

    /// <summary>The request restored nothing of a backup.</summary>
    public const string NothingWasRestored = "Nothing was restored.";

    /// <summary>The request copied nothing to another rack.</summary>
    public const string NothingWasCopied = "Nothing was copied.";

    /// <summary>The request wrote no file of a release.</summary>
    public const string NothingWasExported = "Nothing was exported.";

    /// <summary>What is wrong and what stayed as it was, for the person whose request failed.</summary>
    public string Text => $"{Message} {Unchanged}".TrimEnd();

    /// <summary>The text and the remedy on one line, for logs, which have no call to complete commands from.</summary>
    public string Sentence => $"{Text} {Remedy}".TrimEnd();

    /// <summary>What is wrong and what to do, for the record of something else that failed for it.</summary>
    public string Reason => $"{Message} {Remedy}".TrimEnd();

    /// <summary>The message without its period, to be quoted after a colon or in a list of causes.</summary>
    public string Cause => Message.TrimEnd('.');

    /// <summary>Whether the same request may soon succeed, so that it is retried until a limit passes.</summary>
    public bool IsTransient => Kind == ProblemKind.Unavailable;

    /// <summary>
    /// Whether the caller couldn't make the request at all, as when its credentials can't be refreshed. It says nothing about what was
    /// requested.
    /// </summary>
    public bool IsOfCaller { get; init; }

    /// <summary>Whether a promotion waits for it to pass, rather than failing because of it: nothing was refused for good.</summary>
    public bool MayPass => IsTransient || IsOfCaller;

    /// <summary>Returns a problem that may soon be over.</summary>
    public static Problem Unavailable(string code, string message, Remedy? remedy = null, string? unchanged = null) =>
        new(code, message, remedy, ProblemKind.Unavailable, Unchanged: unchanged);

    /// <summary>Returns an exception with this problem.</summary>
    public ProblemException ToException(Exception? cause = null) => new([this], cause);
}

/// <summary>
/// Specifies what a problem means to the caller. The values are in messages between versions, so they stay.
/// </summary>
public enum ProblemKind
{
    /// <summary>The operation failed. Nothing that is running changed, unless the message says what did.</summary>
    Failed = 1,

    /// <summary>The usage is wrong.</summary>
    Usage = 2,

    /// <summary>
    /// A promotion failed or was cancelled, and the previous release is verified to be live; or it ended before it touched any
    /// process.
    /// </summary>
    PromotionFailed = 3,

    /// <summary>Manual action is needed.</summary>
    NeedsPerson = 4,

    /// <summary>Another promotion of the app is running.</summary>
    Busy = 5,

    /// <summary>The rack, or a service that it relies on, can't be reached, is throttled or is busy; a retry may succeed.</summary>
    Unavailable = 6,
}

/// <summary>Represents a position in a text file.</summary>
/// <param name="File">The path of the file as the user knows it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public sealed record SourceLocation(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}({Line},{Column})";
}
