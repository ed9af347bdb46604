namespace Releases;

/// <summary>What a rack refuses for now is not refused: it is asked again, and only a limit ends that.</summary>
public static class TransientProblems
{
    /// <summary>Whether the same may be answered otherwise in a moment.</summary>
    public static bool IsTransient(this Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Code is ProblemCode.Unreachable or ProblemCode.Unavailable or ProblemCode.StoreBusy;
    }

    /// <summary>Whether all of it may.</summary>
    public static bool IsTransient(this ProblemException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Problems.All(IsTransient);
    }
}
