namespace Releases;

/// <summary>
/// An expected failure, in the words of the person who meets it: a stable code, one sentence that says what is wrong,
/// what still works, and what to do next.
/// </summary>
/// <param name="Code">One of <see cref="ProblemCode"/>, for example <c>CONVOX0004</c>.</param>
/// <param name="Message">What is wrong, one sentence with its full stop.</param>
/// <param name="Remedy">What to do next; <c>null</c> where the message says it.</param>
/// <param name="Kind">What the failure means to whoever called; heads map it to an exit code.</param>
/// <param name="Location">The file, line and column it comes from, where it comes from a file.</param>
public sealed record Problem(
    string Code, string Message, Remedy? Remedy = null, ProblemKind Kind = ProblemKind.Failed, SourceLocation? Location = null)
{
    /// <summary>The message and the remedy as one line, for logs, which know no call.</summary>
    public string Sentence => Remedy is null ? Message : $"{Message} {Remedy}";

    /// <summary>The same problem as something that can be thrown.</summary>
    public ProblemException ToException(Exception? cause = null) => new([this], cause);
}

/// <summary>What a problem means to the caller; the numbers are the exit codes of the command line.</summary>
public enum ProblemKind
{
    /// <summary>It failed and nothing that runs changed.</summary>
    Failed = 1,

    /// <summary>Wrong usage.</summary>
    Usage = 2,

    /// <summary>A promotion failed or was cancelled, and everything is verified to be back.</summary>
    PromotionFailed = 3,

    /// <summary>Manual action is needed.</summary>
    NeedsPerson = 4,

    /// <summary>Another promotion of the app is running.</summary>
    Busy = 5,
}

/// <summary>A place in a text file.</summary>
/// <param name="File">The file's path as the user knows it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record SourceLocation(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}({Line},{Column})";
}
