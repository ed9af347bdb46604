namespace Releases;

/// <summary>Why a rollout is rolled back.</summary>
/// <param name="Reason">One sentence with its period.</param>
/// <param name="Service">The service that failed; null: the whole rollout.</param>
/// <param name="CancelledBy">Who cancelled it; null: nobody.</param>
internal sealed record RolloutFailure(string Reason, ServiceName? Service = null, string? CancelledBy = null)
{
    public static RolloutFailure Cancelled(string by) => new($"cancelled by {by}.", CancelledBy: by);
}
