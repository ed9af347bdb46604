namespace Releases;

/// <summary>Plans how the traffic moves from the old processes of an app to the new ones.</summary>
public static class RolloutStrategy
{
    /// <summary>
    /// Returns one plan for all services of an app. Each service takes the shares of its own strategy; one with fewer steps keeps its last
    /// share until the others have caught up, and all of them take the last step, to 100 %, together. A step is held for the longest
    /// interval of the services that take it, and the bake is the longest one. A service without processes takes no step.
    /// </summary>
    public static RolloutPlan Plan(IReadOnlyList<ServiceSpec> rollout)
    {
        var services = rollout.Where(s => s.Count > 0).Select(s => s.Service).ToList();
        if (services.Count == 0) return RolloutPlan.AllAtOnce;
        var empty = rollout.Where(s => s is { Count: 0, Service.Port: not null }).ToDictionary(s => s.Service.Name, _ => 0);
        var shares = services.ToDictionary(s => s.Name, s => Shares(s.Deployment));
        var count = shares.Values.Max(s => s.Count);
        var steps = new List<RolloutStep>();
        for (var step = 0; step < count; step++) steps.Add(Step(services, shares, empty, step));
        var bake = services.Max(s => Seconds(s.Deployment.Bake));
        if (bake > 0) steps.Add(new(100) { HoldSeconds = bake, KeepsOld = true, Shares = empty });
        var plan = new RolloutPlan([.. steps, new(100)]);
        return plan.IsAllAtOnce && services.All(s => s.Verify is null) ? plan : plan.FromReady();
    }

    private static RolloutStep Step(
        List<Service> services, Dictionary<ServiceName, List<int>> shares, Dictionary<ServiceName, int> empty, int step)
    {
        var taken = shares.ToDictionary(s => s.Key, s => s.Value.Count == 0 ? 0 : s.Value[Math.Min(step, s.Value.Count - 1)]);
        var percent = taken.Values.Max();
        return new(percent)
        {
            HoldSeconds = services.Where(s => step < shares[s.Name].Count).Max(s => Seconds(s.Deployment.Interval)),
            KeepsOld = true,
            Shares = services.Where(s => s.Port is not null && taken[s.Name] != percent)
                .Select(s => KeyValuePair.Create(s.Name, taken[s.Name])).Concat(empty).ToDictionary(),
        };
    }

    /// <summary>Returns the shares before the last one, which is 100 % for every strategy.</summary>
    private static List<int> Shares(Deployment deployment) => deployment.Strategy switch
    {
        DeploymentStrategy.Canary => [deployment.Percent],
        DeploymentStrategy.Linear => [.. Enumerable.Range(1, 99 / deployment.Percent).Select(n => n * deployment.Percent)],
        _ => [],
    };

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
