namespace Releases;

/// <summary>Represents a step of the rollout plan that was begun.</summary>
/// <param name="Step">Its position in the plan, from 0.</param>
/// <param name="Percent">The new processes' largest share of the traffic.</param>
/// <param name="Since">When it was begun.</param>
public sealed record PlanStep(int Step, int Percent, DateTimeOffset Since) : Extensible
{
    /// <summary>When the next step was begun, or the promotion ended or was rolled back; null for the current step.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The verdicts of the comparison of new and old processes, by service.</summary>
    public IReadOnlyList<Verdict> Verdicts { get => field ?? []; init; }

    /// <summary>
    /// The request counts when it was begun, so that a successor compares with the same counts; once it has ended, only the first step has
    /// them, until the old processes end.
    /// </summary>
    public IReadOnlyList<CountedService> Counted { get => field ?? []; init; }
}
