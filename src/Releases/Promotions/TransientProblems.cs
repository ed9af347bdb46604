namespace Releases;

/// <summary>Identifies problems that may soon be over, so that the request is retried until a limit passes.</summary>
public static class TransientProblems
{
    /// <summary>Determines whether a retry of the same request may soon succeed.</summary>
    public static bool IsTransient(this Problem problem) =>
        problem.Code is ProblemCode.Unreachable or ProblemCode.Unavailable or ProblemCode.StoreBusy;

    /// <summary>Determines whether all problems of the exception are transient.</summary>
    public static bool IsTransient(this ProblemException failure) => failure.Problems.All(IsTransient);
}
