namespace Releases;

/// <summary>Represents the reason for a rollback.</summary>
/// <param name="Reason">The reason: one sentence with its period.</param>
/// <param name="Service">The service that failed, or null for the whole rollout.</param>
/// <param name="CancelledBy">Who cancelled it, or null if nobody did.</param>
internal sealed record RolloutFailure(string Reason, ServiceName? Service = null, string? CancelledBy = null)
{
    public static RolloutFailure Cancelled(string by) => new($"cancelled by {by}.", CancelledBy: by);
}
