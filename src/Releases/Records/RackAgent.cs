namespace Releases;

/// <summary>Represents an agent of a rack, as of its last heartbeat.</summary>
public sealed record RackAgent : StoredDocument
{
    /// <summary>The interval between heartbeats.</summary>
    public static TimeSpan Pace { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an agent may be silent before it is considered gone.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(50);

    /// <summary>Its random id; processes in containers often have the same process id and host name.</summary>
    public required string Id { get; init; }

    /// <summary>The process, for display: <c>agent 4711 on box</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>The version that it runs.</summary>
    public required string Version { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it sent its last heartbeat, by the rack's clock.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Determines whether it sent a heartbeat recently.</summary>
    public bool IsAlive(DateTimeOffset now) => now - SeenAt < Silence;

    /// <summary>
    /// Determines whether promotions of this version can be handed over to it: it must support everything that they may contain.
    /// </summary>
    public bool CanTake(DateTimeOffset now) => IsAlive(now) && !ToolVersion.IsAbove(Version);
}
