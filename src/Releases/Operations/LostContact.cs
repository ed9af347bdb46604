namespace Releases;

/// <summary>
/// Creates the failure of an operation that can no longer follow what it started. Whatever the cause, the promotion was requested, so the
/// message must not claim that nothing changed.
/// </summary>
public static class LostContact
{
    /// <summary>The promotion was requested and can no longer be followed.</summary>
    /// <param name="rack">The rack.</param>
    /// <param name="promotion">The promotion.</param>
    /// <param name="lost">The failure of the operation.</param>
    public static ProblemException WithPromotion(Rack rack, PromotionId promotion, Exception lost) =>
        lost is ProblemException told && told.Is(ProblemCode.NotFollowed)
            ? told
            : Create(
                $"the promotion ({promotion}) can no longer be followed from here: {Cause(lost)}. "
                    + $"It isn't undone: {Meanwhile(rack, lost)}.",
                Resume, lost);

    /// <summary>A request to a running promotion was stored, and its driver can't be reached.</summary>
    /// <param name="promotion">The promotion.</param>
    /// <param name="what">What was stored: <c>the cancellation</c>.</param>
    /// <param name="lost">The failure of the operation.</param>
    internal static ProblemException AfterRequest(PromotionId promotion, string what, Exception lost) =>
        lost is ProblemException told && told.Is(ProblemCode.NotFollowed)
            ? told
            : Create(
                $"{what} of the promotion ({promotion}) is recorded, but its driver can't be reached: {Cause(lost)}. "
                    + "It takes effect as soon as the driver reads it.",
                Remedy.Do(Operation.WatchPromotion, "Follow it"), lost);

    /// <summary>The rack was stopped, and with it the driver of the promotion.</summary>
    public static ProblemException WithStoppedRack(PromotionId promotion) => new Problem(
        ProblemCode.NotFollowed, $"the rack was stopped, and the promotion ({promotion}) continues when it starts.",
        Remedy.Do(Operation.StartRack, "Start it"), ProblemKind.NeedsPerson).ToException();

    /// <summary>A request was sent, and it is unknown whether it arrived.</summary>
    /// <param name="promotion">The promotion.</param>
    /// <param name="what">What was requested, as the text that follows "whether".</param>
    /// <param name="lost">The failure of the operation.</param>
    internal static ProblemException WithRequest(PromotionId promotion, string what, Exception lost) =>
        Create($"it is unknown whether {what} ({promotion}): {Cause(lost)}.", Resume, lost);

    /// <summary>Determines whether a request with this failure may still have arrived.</summary>
    internal static bool MayHaveArrived(ProblemException failure) => failure.IsTransient || failure.Is(ProblemCode.Daemon);

    /// <summary>Returns what is wrong, to be quoted after a colon.</summary>
    internal static string Cause(Exception lost) =>
        lost is ProblemException problem ? problem.Problems[0].Cause : lost.Message.ReplaceLineEndings(" ").TrimEnd('.');

    /// <summary>A driver of this version can't write what this operation can't write either.</summary>
    private static string Meanwhile(Rack rack, Exception lost) =>
        lost is ProblemException older && older.Is(ProblemCode.NewerFormat)
            ? "it is left open for the newer version to finish"
            : rack.Driver.WithoutThisCommand;

    private static Remedy Resume =>
        Remedy.Do(Operation.WatchPromotion, "Resume it").Or(Remedy.Do(Operation.CancelPromotion, "Roll it back"));

    private static ProblemException Create(string message, Remedy then, Exception lost)
    {
        var first = (lost as ProblemException)?.Problems[0].Remedy;
        return new Problem(ProblemCode.NotFollowed, message, first?.Or(then) ?? then, ProblemKind.NeedsPerson).ToException(lost);
    }
}
