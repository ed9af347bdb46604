namespace Releases;

/// <summary>The steps by which a new release takes over the traffic, the last of them at 100 %. A value: it knows no engine and no store.</summary>
/// <param name="Steps">At least one.</param>
public sealed record RolloutPlan(IReadOnlyList<RolloutStep> Steps)
{
    /// <summary>The step to begin now; null: wait, or every step was taken.</summary>
    /// <param name="current">The step that was begun last; null: none.</param>
    /// <param name="allReady">Whether every service has as many healthy new processes as it should.</param>
    /// <param name="now">The time.</param>
    public TrafficShare? Next(TrafficShare? current, bool allReady, DateTimeOffset now)
    {
        var next = current is null ? 0 : current.Step + 1;
        if (!allReady || next >= Steps.Count || (current is not null && now < current.Since + Steps[current.Step].Bake)) return null;
        return new(next, Steps[next].Percent, now);
    }
}

/// <summary>One step of a rollout plan.</summary>
/// <param name="Percent">The new processes' share of the traffic, from 0 to 100.</param>
public sealed record RolloutStep(int Percent)
{
    /// <summary>How long the services have to stay healthy at this share before the next step.</summary>
    public TimeSpan Bake { get; init; }
}
