namespace Releases;

/// <summary>
/// The failure of an operation that can no longer see what it has begun. Whatever it failed with, the promotion was asked for, so nobody
/// may read that nothing changed.
/// </summary>
public static class LostContact
{
    /// <summary>The promotion was asked for and can no longer be followed.</summary>
    /// <param name="rack">The rack.</param>
    /// <param name="promotion">The promotion.</param>
    /// <param name="lost">What the operation failed with.</param>
    public static ProblemException WithPromotion(Rack rack, PromotionId promotion, Exception lost) =>
        Create(
            $"promotion {promotion} can no longer be followed from here: {Cause(lost)}. It isn't undone: {Meanwhile(rack, lost)}.", lost);

    /// <summary>Something was asked for, and no answer says whether that arrived.</summary>
    /// <param name="promotion">The promotion.</param>
    /// <param name="what">What was asked for, as what follows "whether".</param>
    /// <param name="lost">What the operation failed with.</param>
    internal static ProblemException WithRequest(PromotionId promotion, string what, Exception lost) =>
        Create($"whether {what} isn't known ({promotion}): {Cause(lost)}.", lost);

    /// <summary>Whether a request that failed like this may still have arrived.</summary>
    internal static bool MayHaveArrived(ProblemException failure) => failure.IsTransient() || failure.Is(ProblemCode.Daemon);

    /// <summary>Without what a failure claims of its own request alone, as <c>nothing was stored</c>.</summary>
    internal static string Cause(Exception lost) => lost is ProblemException problem
        ? string.Join(';', problem.Problems[0].Message.TrimEnd('.').Split(';').Where((part, n) =>
            n == 0 || !part.TrimStart().StartsWith("nothing ", StringComparison.Ordinal)))
        : lost.Message.ReplaceLineEndings(" ").TrimEnd('.');

    /// <summary>A driver of this version may write no more than this operation may.</summary>
    private static string Meanwhile(Rack rack, Exception lost) =>
        lost is ProblemException older && older.Is(ProblemCode.NewerFormat)
            ? "it is left open for the newer version to finish"
            : rack.Driver.WithoutThisCommand;

    private static ProblemException Create(string message, Exception lost)
    {
        var resume = Remedy.Do(Operation.WatchPromotion, "Resume it").Or(Remedy.Do(Operation.CancelPromotion, "Roll it back"));
        var first = (lost as ProblemException)?.Problems[0].Remedy;
        return new Problem(ProblemCode.NotFollowed, message, first?.Or(resume) ?? resume, ProblemKind.NeedsPerson).ToException(lost);
    }
}
