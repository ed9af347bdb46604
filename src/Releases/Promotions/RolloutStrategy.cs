namespace Releases;

/// <summary>How the traffic moves from the old processes to the new ones.</summary>
public abstract record RolloutStrategy
{
    /// <summary>All traffic at once, as soon as every service is ready.</summary>
    public static RolloutStrategy AllAtOnce { get; } = new AtOnce();

    /// <summary>Its steps.</summary>
    public abstract RolloutPlan Plan();

    private sealed record AtOnce : RolloutStrategy
    {
        public override RolloutPlan Plan() => new([new(100)]);
    }
}
