namespace Releases;

/// <summary>The state of a rack, and of its daemon where it has one.</summary>
/// <param name="Address">The rack's address.</param>
/// <param name="Kind">The name of its kind.</param>
/// <param name="State"><c>ready</c>; of a rack with a daemon <c>running</c> or <c>stopped</c>.</param>
/// <param name="Pid">The daemon's process; null: none runs, and every member after it is null too.</param>
/// <param name="Version">The version that the daemon runs.</param>
/// <param name="RouterPort">The port of the router.</param>
/// <param name="StartedAt">When the daemon was started.</param>
/// <param name="RouterProblem">What keeps the router from its port; null even if nothing does.</param>
public sealed record RackStatus(
    string Address, string Kind, string State, int? Pid = null, string? Version = null, int? RouterPort = null,
    DateTimeOffset? StartedAt = null,
    string? RouterProblem = null)
{
    /// <summary>The agents that are alive; null: racks of this kind have a daemon instead.</summary>
    public IReadOnlyList<RackAgent>? Agents { get; init; }
}
