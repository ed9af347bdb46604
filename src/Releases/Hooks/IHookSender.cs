namespace Releases;

/// <summary>Sends messages to a hook's receiver.</summary>
public interface IHookSender
{
    /// <summary>Sends a message once and returns the result; whatever the receiver does is a reply, never an exception.</summary>
    Task<HookReply> Send(HookMessage message, CancellationToken cancel);
}

/// <summary>Represents the result of one attempt.</summary>
/// <param name="Outcome">Whether the message was delivered, is retried, or is of no use to the receiver.</param>
/// <param name="Status">The HTTP status code, or null if there was no response.</param>
/// <param name="Detail">Why it wasn't delivered, or null if it was.</param>
/// <param name="RetryAfter">When the receiver asks for another attempt, or null if it doesn't say.</param>
public sealed record HookReply(HookOutcome Outcome, int? Status = null, string? Detail = null, TimeSpan? RetryAfter = null)
{
    /// <summary>Creates a reply for a message that the receiver has no use for.</summary>
    public static HookReply Skipped(string why) => new(HookOutcome.Skipped, Detail: why);

    /// <summary>Creates a reply for a failed attempt, which may be retried.</summary>
    public static HookReply Failed(string why, int? status = null, TimeSpan? retryAfter = null) =>
        new(HookOutcome.Retrying, status, why, retryAfter);
}
