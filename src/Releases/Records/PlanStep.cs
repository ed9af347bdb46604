namespace Releases;

/// <summary>One step of the rollout plan as it went.</summary>
/// <param name="Step">Its position in the plan, from 0.</param>
/// <param name="Percent">The new processes' largest share of the traffic.</param>
/// <param name="Since">When it was begun.</param>
public sealed record PlanStep(int Step, int Percent, DateTimeOffset Since) : Extensible
{
    /// <summary>When the next one began, or the promotion ended or was rolled back; null: it is the current one.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the comparison of new and old processes came to, by service.</summary>
    public IReadOnlyList<Verdict> Verdicts { get => field ?? []; init; }

    /// <summary>What had been counted when it began, so that a successor compares with the same; empty once it has ended.</summary>
    public IReadOnlyList<CountedService> Counted { get => field ?? []; init; }
}
