namespace Releases;

/// <summary>
/// Carries one or more <see cref="Problem"/>s to the single place in each program that turns them into an exit code, an MSBuild error or an
/// HTTP response. Every other exception is a bug or an I/O error.
/// </summary>
public sealed class ProblemException(IReadOnlyList<Problem> problems, Exception? cause = null)
    : Exception(string.Join(Environment.NewLine, problems.Select(p => p.Sentence)), cause)
{
    /// <summary>The problems, at least one; the first determines the kind.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;

    /// <summary>What is wrong and what to do, for the record of something else that failed for it.</summary>
    public string Reason => string.Join(" ", Problems.Select(p => p.Reason));

    /// <summary>The kind of the first problem.</summary>
    public ProblemKind Kind => Problems[0].Kind;

    /// <summary>Whether all problems may soon be over.</summary>
    public bool IsTransient => Problems.All(p => p.IsTransient);

    /// <summary>Whether a promotion waits for all problems to pass.</summary>
    public bool MayPass => Problems.All(p => p.MayPass);

    /// <summary>Determines whether the first problem has this code.</summary>
    public bool Is(string code) => Problems[0].Code == code;
}
