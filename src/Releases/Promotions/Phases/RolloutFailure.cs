namespace Releases;

/// <summary>Represents the reason for a rollback.</summary>
/// <param name="Reason">The reason: one sentence with its period.</param>
/// <param name="Service">The service that failed, or null for the whole rollout.</param>
/// <param name="CancelledBy">Who canceled it, or null if nobody did.</param>
/// <param name="LastLines">The last lines that a command of the service printed; if null, those of its process are used.</param>
internal sealed record RolloutFailure(
    string Reason, ServiceName? Service = null, string? CancelledBy = null, IReadOnlyList<string>? LastLines = null)
{
    public static RolloutFailure Cancelled(string by) => new($"cancelled by {by}.", CancelledBy: by);
}
