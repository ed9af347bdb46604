namespace Releases;

/// <summary>Why a rollout is rolled back.</summary>
/// <param name="Reason">One sentence with its period.</param>
/// <param name="Service">The service that failed; null: the whole rollout.</param>
/// <param name="CancelledBy">Who cancelled it; null: nobody.</param>
/// <param name="LastLines">What a command of the service printed last; null: what its process printed counts.</param>
internal sealed record RolloutFailure(
    string Reason, ServiceName? Service = null, string? CancelledBy = null, IReadOnlyList<string>? LastLines = null)
{
    public static RolloutFailure Cancelled(string by) => new($"cancelled by {by}.", CancelledBy: by);
}
