namespace Releases;

/// <summary>
/// Carries one or more <see cref="Problem"/>s to the one place of a head that turns them into an exit code, an MSBuild
/// error or an HTTP answer. Every other exception is a bug or broken I/O.
/// </summary>
public sealed class ProblemException(IReadOnlyList<Problem> problems, Exception? cause = null)
    : Exception(string.Join(Environment.NewLine, problems.Select(p => p.Sentence)), cause)
{
    /// <summary>At least one problem; the first decides the kind.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;

    /// <summary>The kind of the first problem.</summary>
    public ProblemKind Kind => Problems[0].Kind;

    /// <summary>Whether the first problem carries this code.</summary>
    public bool Is(string code) => Problems[0].Code == code;
}
