namespace Releases.Aws.Tests.Matrix;

/// <summary>What may come from AWS, or from something before it, in place of what was asked for.</summary>
public enum Answer
{
    Throttled,
    Fails,
    FailsAsPage,
    Truncated,
    Empty,
    EmptyLists,
    OtherKinds,
    ResetBefore,
    ResetAfter,
    Silence,
    ClockOff,
    Denied,
    Expired,
}

/// <summary>What is known of each.</summary>
internal static class Answers
{
    public static IReadOnlyList<Answer> All { get; } = Enum.GetValues<Answer>();

    /// <summary>What only a person ends.</summary>
    public static bool IsDefinite(this Answer answer) => answer is Answer.Denied or Answer.Expired;

    /// <summary>Whether the operation is carried out before the answer is broken.</summary>
    public static bool TakesEffect(this Answer answer) =>
        answer is Answer.Truncated or Answer.Empty or Answer.EmptyLists or Answer.OtherKinds or Answer.ResetAfter;
}
