namespace Releases;

/// <summary>Represents the state of a rack, and of its daemon if it has one.</summary>
/// <param name="Address">The rack's address.</param>
/// <param name="Kind">The name of its kind.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="Pid">The process id of the daemon; if null, it isn't running, and all later members are null too.</param>
/// <param name="Version">The version of the daemon.</param>
/// <param name="RouterPort">The port of the router.</param>
/// <param name="StartedAt">When the daemon was started.</param>
/// <param name="RouterProblem">What prevents the router from using its port, or null if nothing does.</param>
public sealed record RackStatus(
    string Address, string Kind, RackState State, int? Pid = null, string? Version = null, int? RouterPort = null,
    DateTimeOffset? StartedAt = null,
    string? RouterProblem = null)
{
    /// <summary>The agents that are alive, or null for a rack with a daemon.</summary>
    public IReadOnlyList<RackAgent>? Agents { get; init; }
}

/// <summary>Specifies whether a rack can be used.</summary>
public enum RackState
{
    /// <summary>It needs no process of its own.</summary>
    Ready,

    /// <summary>Its daemon is running.</summary>
    Running,

    /// <summary>Its daemon isn't running.</summary>
    Stopped,
}
