namespace Releases.Tool;

/// <summary>
/// The exception that is thrown for a request that no page of the console sends, or that comes at the wrong time. The client gets the
/// message, and nothing happens.
/// </summary>
internal sealed class RejectedRequestException(int status, string message, string? remedy = null) : Exception(message)
{
    /// <summary>Gets the status code of the response.</summary>
    public int Status => status;

    /// <summary>Gets whether signing in would help, so that the page links to the sign-in form.</summary>
    public bool CanSignIn { get; init; }

    public Problem Problem { get; } = new(ProblemCode.ConsoleRefused, message, remedy, ProblemKind.Usage);
}
