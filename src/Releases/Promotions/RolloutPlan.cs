using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// The steps by which a new release takes over the traffic, the last of them at 100 %, when the old processes end. A value: it knows no
/// engine and no store.
/// </summary>
/// <param name="Steps">At least one.</param>
public sealed record RolloutPlan(IReadOnlyList<RolloutStep> Steps) : Extensible
{
    /// <summary>All traffic at once, as soon as every service is ready.</summary>
    public static RolloutPlan AllAtOnce { get; } = new([new(100)]);

    /// <summary>How long the rack holds steps of its own, beyond these.</summary>
    public int RackSeconds { get; init; }

    /// <summary>Whether it is all at once, with nothing before it.</summary>
    [JsonIgnore]
    public bool IsAllAtOnce => Steps is [{ Percent: 100, HoldSeconds: 0 }];

    /// <summary>The plan that begins with every new process ready and without traffic.</summary>
    public RolloutPlan FromReady() => Steps[0].Percent == 0 ? this : this with { Steps = [new(0) { KeepsOld = true }, .. Steps] };

    /// <summary>The step to begin now; null: wait, or every step was taken.</summary>
    /// <param name="current">The step that was begun last; null: none.</param>
    /// <param name="allReady">Whether every service has as many healthy new processes as it should.</param>
    /// <param name="now">The time.</param>
    public TrafficShare? Next(TrafficShare? current, bool allReady, DateTimeOffset now)
    {
        var next = current is null ? 0 : current.Step + 1;
        if (!allReady || next >= Steps.Count || (current is not null && now < HeldUntil(current))) return null;
        return new(next, Steps[next].Percent, now);
    }

    /// <summary>When the time of a step is over.</summary>
    public DateTimeOffset HeldUntil(TrafficShare step) => step.Since + Steps[Math.Min(step.Step, Steps.Count - 1)].Hold;

    /// <summary>How long the steps after this one are held; null: all of them.</summary>
    public TimeSpan HoldAfter(TrafficShare? current) =>
        TimeSpan.FromSeconds(Steps.Skip(current is null ? 0 : current.Step + 1).Sum(s => (long)s.HoldSeconds));
}

/// <summary>One step of a rollout plan.</summary>
/// <param name="Percent">The new processes' largest share of the traffic, from 0 to 100.</param>
public sealed record RolloutStep(int Percent) : Extensible
{
    /// <summary>How long the services have to stay healthy at this share before the next step, in seconds.</summary>
    public int HoldSeconds { get; init; }

    /// <summary>Whether the old processes stay, ready to take the traffic back; always so below 100 %.</summary>
    public bool KeepsOld { get; init; }

    /// <summary>The services whose share is another. One without a port has no traffic, so none of its own.</summary>
    public IReadOnlyDictionary<ServiceName, int> Shares { get => field ?? NoShares; init; }

    private static readonly IReadOnlyDictionary<ServiceName, int> NoShares = new Dictionary<ServiceName, int>();

    /// <summary>How long it is held.</summary>
    [JsonIgnore]
    public TimeSpan Hold => TimeSpan.FromSeconds(HoldSeconds);

    /// <summary>Whether the new processes have all the traffic and the old ones can take it back.</summary>
    [JsonIgnore]
    public bool IsBake => Percent == 100 && KeepsOld;

    /// <summary>The share of the new processes of a service.</summary>
    public int ShareOf(ServiceName service) => Shares.GetValueOrDefault(service, Percent);
}
