namespace Releases;

/// <summary>
/// Represents an expected failure, in the user's terms: a stable code, one sentence that says what is wrong and what still works, and what
/// to do next.
/// </summary>
/// <param name="Code">One of <see cref="ProblemCode"/>, for example <c>CONVOX0004</c>.</param>
/// <param name="Message">What is wrong: one sentence with its period.</param>
/// <param name="Remedy">What to do next, or <c>null</c> if the message says it.</param>
/// <param name="Kind">What the failure means to the caller; each user interface has its own form of it, such as an exit code.</param>
/// <param name="Location">The file, line and column of the problem, if it is in a file.</param>
public sealed record Problem(
    string Code, string Message, Remedy? Remedy = null, ProblemKind Kind = ProblemKind.Failed, SourceLocation? Location = null)
{
    /// <summary>The message and the remedy on one line, for logs, which have no call to complete commands from.</summary>
    public string Sentence => $"{Message} {Remedy}".TrimEnd();

    /// <summary>Whether the same request may soon succeed, so that it is retried until a limit passes.</summary>
    public bool IsTransient => Kind == ProblemKind.Unavailable;

    /// <summary>Returns a problem that may soon be over.</summary>
    public static Problem Unavailable(string code, string message, Remedy? remedy = null) =>
        new(code, message, remedy, ProblemKind.Unavailable);

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
