namespace Releases;

/// <summary>An agent of a rack, as it last made itself known.</summary>
public sealed record RackAgent : StoredDocument
{
    /// <summary>From one sign of life to the next.</summary>
    public static TimeSpan Pace { get; } = TimeSpan.FromSeconds(15);

    /// <summary>An agent without a sign for this long counts as gone.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(50);

    /// <summary>Its own, random: processes of containers often have the same number and host.</summary>
    public required string Id { get; init; }

    /// <summary>Which process it is, for people: <c>agent 4711 on box</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>The version that it runs.</summary>
    public required string Version { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last gave a sign of life, in the rack's time.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Whether it gave a sign of life lately.</summary>
    public bool IsAlive(DateTimeOffset now) => now - SeenAt < Silence;

    /// <summary>Whether promotions of this version can be handed over to it: it has to know all that they may have.</summary>
    public bool CanTake(DateTimeOffset now) => IsAlive(now) && !ToolVersion.IsAbove(Version);
}
