namespace Releases.Aws;

/// <summary>Determines how rollouts on ECS would proceed, for a preview.</summary>
internal sealed class RolloutPreview(EcsClient ecs, BaseTaskDefinitions bases)
{
    /// <summary>
    /// Returns the rollouts of the services that exist, and how long ECS takes for the steps and bakes of the slowest one.
    /// </summary>
    public async Task<RackPlan> Read(Rollout rollout, CancellationToken cancel)
    {
        var (app, services) = (rollout.App, rollout.Services);
        var named = services.ToDictionary(s => s.Service.Name, s => AwsSettings.From(s.Service).NameOf(app.Name, s.Service.Name));
        var seen = await ecs.Services(named.Values, cancel);
        var planned = new Dictionary<ServiceName, PlannedRollout>();
        var shifts = TimeSpan.Zero;
        foreach (var spec in services)
        {
            if (!seen.TryGetValue(named[spec.Service.Name], out var now)) continue;
            var service = await bases.WithOwn(app.Name, spec.Service.Name, now, cancel);
            var (minimum, maximum) = DeploymentConfiguration.Limits(service, spec.Service);
            var retired = await bases.RetiredCount(app.Name, spec.Service.Name, service, cancel);
            planned[spec.Service.Name] = new(ServicePlan.CountAfter(app, spec.Service, service, retired) ?? 0, minimum, maximum);
            var own = ServicePlan.ShiftsIn(app, spec.Service, service, retired);
            if (own > shifts) shifts = own;
        }

        return new(planned, RolloutPlan.ShiftedByRack(shifts));
    }
}
