namespace Releases.Tool;

/// <summary>
/// The failure of a command that can no longer read what it has started. Whatever it failed with, the promotion was asked for, so nobody
/// may read that nothing changed.
/// </summary>
internal static class FollowErrors
{
    /// <param name="rack">The rack.</param>
    /// <param name="id">The promotion.</param>
    /// <param name="lost">What the command failed with.</param>
    public static ProblemException Of(Rack rack, PromotionId id, Exception lost) =>
        New($"promotion {id} can't be followed from here any more: {Cause(lost)}. It isn't undone: {Meanwhile(rack, lost)}.", lost);

    /// <summary>It was asked for, and no answer tells whether that arrived.</summary>
    public static ProblemException Unanswered(PromotionId id, string what, Exception lost) =>
        New($"whether {what} isn't known ({id}): {Cause(lost)}.", lost);

    /// <summary>Whether a request that failed like this may still have arrived.</summary>
    public static bool MayHaveArrived(ProblemException failure) =>
        failure.IsTransient() || failure.Is(ProblemCode.Daemon);

    /// <summary>A driver of this version may write no more than this command may.</summary>
    private static string Meanwhile(Rack rack, Exception lost) =>
        lost is ProblemException older && older.Is(ProblemCode.NewerFormat) ? "it is left open for the newer version to finish" : rack.Driver.WithoutThisCommand;

    private static ProblemException New(string message, Exception lost)
    {
        var own = (lost as ProblemException)?.Problems[0].Remedy?.ToString().TrimEnd('.');
        return new Problem(
            ProblemCode.NotFollowed, message, $"{(own is null ? "Take" : $"{own}; then take")} it up again with: dotnet convox watch; or roll it back with: dotnet convox cancel",
            ProblemKind.NeedsPerson).ToException(lost);
    }

    /// <summary>Without what a failure claims of its own request alone, as <c>nothing was stored</c>.</summary>
    public static string Cause(Exception lost) => lost is ProblemException problem
        ? string.Join(';', problem.Problems[0].Message.TrimEnd('.').Split(';').Where((part, n) => n == 0 || !part.TrimStart().StartsWith("nothing ", StringComparison.Ordinal)))
        : Cell.OneLine(lost.Message).TrimEnd('.');
}
