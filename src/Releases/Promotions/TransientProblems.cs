namespace Releases;

/// <summary>Problems that may be over in a moment: the request is repeated until a limit passes.</summary>
public static class TransientProblems
{
    /// <summary>Whether the same request may succeed in a moment.</summary>
    public static bool IsTransient(this Problem problem) =>
        problem.Code is ProblemCode.Unreachable or ProblemCode.Unavailable or ProblemCode.StoreBusy;

    /// <summary>Whether that is so for all of its problems.</summary>
    public static bool IsTransient(this ProblemException failure) => failure.Problems.All(IsTransient);
}
