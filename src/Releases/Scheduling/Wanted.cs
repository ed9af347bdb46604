namespace Releases;

/// <summary>The wanted state of one service.</summary>
/// <param name="Target">The revision that should run; null: none.</param>
/// <param name="Desired">How many instances of it, from 0.</param>
/// <param name="Limits"><c>deployment.minimum</c> and <c>maximum</c>.</param>
/// <param name="Held">
/// While the target is not proven: how many old instances keep the traffic; they stay where the maximum
/// allows. Null: everything but the target ends.
/// </param>
/// <param name="Breaker">
/// Whether a target that keeps failing is given up; false once it has been verified, or when rolling back to it: then it is started again
/// without limit.
/// </param>
public sealed record Wanted(string? Target, int Desired, Deployment Limits, int? Held = null, bool Breaker = false)
{
    /// <summary>The share of the traffic that the target gets while other instances are held, in percent: from 0 to 100.</summary>
    public int Share { get; init; }

    /// <summary>Whether what is held stays beside the target whatever the maximum.</summary>
    public bool KeepsHeld { get; init; }

    /// <summary>Whether the target is given up at its first failure: it has traffic that the others can take back.</summary>
    public bool Strict { get; init; }

    /// <summary>Nothing should run.</summary>
    public static Wanted Nothing { get; } = new(null, 0, new Deployment());
}

/// <summary>One process, as the scheduler sees it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Revision">What it runs.</param>
/// <param name="State">Its state.</param>
public readonly record struct Instance(string Id, string Revision, InstanceState State);

/// <summary>The state of an instance.</summary>
public enum InstanceState
{
    /// <summary>Started, not yet healthy.</summary>
    Starting,

    /// <summary>Healthy.</summary>
    Healthy,

    /// <summary>Ending: gets no new traffic, and counts for the maximum until its process has exited.</summary>
    Ending,
}

/// <summary>How the target has been failing.</summary>
/// <param name="Count">Exits and ends for bad health since an instance of it last became healthy (as ECS's
/// <c>resetOnHealthyTask</c>).</param>
/// <param name="LastAt">When it last failed.</param>
public readonly record struct RevisionFailures(int Count, DateTimeOffset LastAt);

/// <summary>The next actions.</summary>
/// <param name="Start">How many instances of the target to start.</param>
/// <param name="End">Which instances to drain and stop.</param>
/// <param name="Route">Which instances share the traffic.</param>
/// <param name="GivenUp">The circuit breaker has opened.</param>
/// <param name="LookAgain">When time alone changes the decision; null: it does not.</param>
public sealed record Decision(
    int Start, IReadOnlyList<string> End, IReadOnlyList<string> Route, bool GivenUp, DateTimeOffset? LookAgain)
{
    /// <summary>How many instances to start of what is held, in the place of those that have ended.</summary>
    public int StartHeld { get; init; }
}
