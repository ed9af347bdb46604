using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the steps by which a new release takes over the traffic. The last step is at 100 %, when the old processes end. A plan is a
/// value that depends on neither the engine nor the store.
/// </summary>
/// <param name="Steps">The steps, at least one.</param>
public sealed record RolloutPlan(IReadOnlyList<RolloutStep> Steps) : Extensible
{
    /// <summary>The plan that moves all traffic at once, as soon as every service is ready.</summary>
    public static RolloutPlan AllAtOnce { get; } = new([new(100)]);

    /// <summary>Returns the plan of a rack that moves the traffic by steps of its own, which take this long.</summary>
    public static RolloutPlan ShiftedByRack(TimeSpan takes) => AllAtOnce with { RackSeconds = (int)takes.TotalSeconds };

    /// <summary>How long the rack holds its own steps, in addition to these.</summary>
    public int RackSeconds { get; init; }

    /// <summary>Whether all traffic moves in a single step, without a previous one.</summary>
    [JsonIgnore]
    public bool IsAllAtOnce => Steps is [{ Percent: 100, HoldSeconds: 0 }];

    /// <summary>
    /// Returns the part of a rack's plan that a promotion takes. The first promotion has nothing to compare with or to roll back to, and a
    /// release that was live before has nothing to prove, so neither takes steps.
    /// </summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="replaces">Whether it replaces an active release.</param>
    public RolloutPlan For(Rollout rollout, bool replaces)
    {
        var taken = rollout.TakesSteps && replaces ? this : this with { Steps = AllAtOnce.Steps };
        return rollout.Terms.Holds || rollout.Verifies ? taken.FromReady() : taken;
    }

    /// <summary>Returns the plan that begins with every new process ready and without traffic.</summary>
    public RolloutPlan FromReady() => Steps[0].Percent == 0 ? this : this with { Steps = [new(0) { KeepsOld = true }, .. Steps] };

    /// <summary>How long all steps are held in total, those of the rack included.</summary>
    [JsonIgnore]
    public TimeSpan Lasts => HoldAfter(null) + TimeSpan.FromSeconds(RackSeconds);

    /// <summary>Returns the step to begin now, or null to wait or if every step was taken.</summary>
    /// <param name="current">The latest step that was begun, or null if none was.</param>
    /// <param name="allReady">Whether every service has as many healthy new processes as desired.</param>
    /// <param name="now">The current time.</param>
    public TrafficShare? Next(TrafficShare? current, bool allReady, DateTimeOffset now)
    {
        var next = current is null ? 0 : current.Step + 1;
        if (!allReady || next >= Steps.Count || (current is not null && now < HeldUntil(current))) return null;
        return new(next, Steps[next].Percent, now);
    }

    /// <summary>Returns when the time of a step is over.</summary>
    public DateTimeOffset HeldUntil(TrafficShare step) => step.Since + Steps[Math.Min(step.Step, Steps.Count - 1)].Hold;

    /// <summary>Returns how long the steps after this one are held in total; all steps if it is null.</summary>
    public TimeSpan HoldAfter(TrafficShare? current) =>
        TimeSpan.FromSeconds(Steps.Skip(current is null ? 0 : current.Step + 1).Sum(s => (long)s.HoldSeconds));
}

/// <summary>Represents one step of a rollout plan.</summary>
/// <param name="Percent">The largest share of the traffic of any service's new processes, from 0 to 100.</param>
public sealed record RolloutStep(int Percent) : Extensible
{
    /// <summary>How long the services must stay healthy at this share before the next step, in seconds.</summary>
    public int HoldSeconds { get; init; }

    /// <summary>Whether the old processes stay, ready to take the traffic back; always true below 100 %.</summary>
    public bool KeepsOld { get; init; }

    /// <summary>The services with a different share. A service without a port has no traffic, so it has no share of its own.</summary>
    public IReadOnlyDictionary<ServiceName, int> Shares { get => field ?? NoShares; init; }

    private static readonly IReadOnlyDictionary<ServiceName, int> NoShares = new Dictionary<ServiceName, int>();

    /// <summary>How long the step is held.</summary>
    [JsonIgnore]
    public TimeSpan Hold => TimeSpan.FromSeconds(HoldSeconds);

    /// <summary>Whether the new processes have all the traffic while the old ones can still take it back.</summary>
    [JsonIgnore]
    public bool IsBake => Percent == 100 && KeepsOld;

    /// <summary>Returns the share of a service's new processes.</summary>
    public int ShareOf(ServiceName service) => Shares.GetValueOrDefault(service, Percent);
}
