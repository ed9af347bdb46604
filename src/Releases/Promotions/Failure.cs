namespace Releases;

/// <summary>Why a rollout is taken back.</summary>
/// <param name="Reason">One sentence with its full stop.</param>
/// <param name="Service">The service at fault; null where it is none's.</param>
/// <param name="CancelledBy">Who cancelled it; null where nobody did.</param>
internal sealed record Failure(string Reason, ServiceName? Service = null, string? CancelledBy = null)
{
    public static Failure Cancelled(string by) => new($"Cancelled by {by}.", CancelledBy: by);
}
