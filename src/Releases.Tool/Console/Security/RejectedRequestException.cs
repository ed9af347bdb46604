namespace Releases.Tool;

/// <summary>A request that no page of the console sends, or that comes at the wrong time: who sends it gets the sentence and nothing
/// happens.</summary>
internal sealed class RejectedRequestException(int status, string message, string? remedy = null) : Exception(message)
{
    /// <summary>The status of the answer.</summary>
    public int Status => status;

    /// <summary>Whether signing in helps, at the form that the page then leads to.</summary>
    public bool CanSignIn { get; init; }

    public Problem Problem { get; } = new(ProblemCode.ConsoleRefused, message, remedy, ProblemKind.Usage);
}
