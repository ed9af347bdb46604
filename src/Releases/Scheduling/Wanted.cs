namespace Releases;

/// <summary>Represents the desired state of one service.</summary>
/// <param name="Target">The revision that should run, or null for none.</param>
/// <param name="Desired">The desired number of its instances, from 0.</param>
/// <param name="Limits"><c>deployment.minimum</c> and <c>maximum</c>.</param>
/// <param name="Held">
/// The number of old instances that keep the traffic while the target isn't proven. Where the maximum allows all of them beside the target,
/// they stay, and one that dies is replaced; otherwise they make room. Null if everything but the target ends.
/// </param>
/// <param name="Breaker">
/// Whether a target that keeps failing is given up. False once it was verified, or when rolling back to it; it is then restarted
/// indefinitely.
/// </param>
public sealed record Wanted(string? Target, int Desired, Deployment Limits, int? Held = null, bool Breaker = false)
{
    /// <summary>The share of the traffic that the target gets while other instances are held, in percent, from 0 to 100.</summary>
    public int Share { get; init; }

    /// <summary>Whether the held instances stay beside the target regardless of the maximum.</summary>
    public bool KeepsHeld { get; init; }

    /// <summary>Whether the target is given up at its first failure, because it has traffic that the others can take back.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Whether everything but the target was rejected: it gets no traffic and ends at once, also while no instance of the target is
    /// healthy.
    /// </summary>
    public bool RejectsOthers { get; init; }

    /// <summary>The state in which nothing runs.</summary>
    public static Wanted Nothing { get; } = new(null, 0, new Deployment());
}

/// <summary>Represents a process, as the scheduler sees it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Revision">The revision that it runs.</param>
/// <param name="State">Its state.</param>
public readonly record struct Instance(string Id, string Revision, InstanceState State);

/// <summary>Specifies the state of an instance.</summary>
public enum InstanceState
{
    /// <summary>It was started and isn't healthy yet.</summary>
    Starting,

    /// <summary>It is healthy.</summary>
    Healthy,

    /// <summary>It is ending: it gets no new traffic, and counts toward the maximum until its process has exited.</summary>
    Ending,
}

/// <summary>Represents the failures of a revision.</summary>
/// <param name="Count">
/// The number of exits and of terminations because of failed health checks since its instances were last healthy for a minute. ECS resets
/// it as soon as one is healthy (<c>resetOnHealthyTask</c>); here, that takes milliseconds, and a crash right after it would never count.
/// </param>
/// <param name="LastAt">When it last failed.</param>
public readonly record struct RevisionFailures(int Count, DateTimeOffset LastAt);

/// <summary>Represents the next actions.</summary>
/// <param name="Start">The number of instances of the target to start.</param>
/// <param name="End">The instances to drain and stop.</param>
/// <param name="Route">The instances that share the traffic.</param>
/// <param name="GivenUp">Whether the circuit breaker has opened.</param>
/// <param name="LookAgain">When the decision changes by the passage of time alone, or null if it doesn't.</param>
public sealed record Decision(
    int Start, IReadOnlyList<string> End, IReadOnlyList<string> Route, bool GivenUp, DateTimeOffset? LookAgain)
{
    /// <summary>The number of held instances to start, to replace those that have ended.</summary>
    public int StartHeld { get; init; }
}
