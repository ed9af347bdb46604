namespace Releases;

/// <summary>Sends one message once.</summary>
public interface IHookSender
{
    /// <summary>Sends it and says how that went; whatever the receiver does is a reply, never an exception.</summary>
    Task<HookReply> Send(HookMessage message, CancellationToken cancel);
}

/// <summary>How one attempt went.</summary>
/// <param name="Outcome">Delivered, to be tried again, or of no use to the receiver.</param>
/// <param name="Status">The HTTP status; null: there was no answer.</param>
/// <param name="Detail">Why it wasn't delivered; null: it was.</param>
/// <param name="RetryAfter">When the receiver asks to be tried again; null: it doesn't say.</param>
public sealed record HookReply(HookOutcome Outcome, int? Status = null, string? Detail = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The receiver has no use for it.</summary>
    public static HookReply Skipped(string why) => new(HookOutcome.Skipped, Detail: why);

    /// <summary>It failed and may be delivered later.</summary>
    public static HookReply Failed(string why, int? status = null, TimeSpan? retryAfter = null) =>
        new(HookOutcome.Retrying, status, why, retryAfter);
}
