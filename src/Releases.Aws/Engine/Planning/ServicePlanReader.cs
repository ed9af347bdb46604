namespace Releases.Aws;

/// <summary>Reads what a rollout is about to change.</summary>
internal sealed class ServicePlanReader(EcsClient ecs, BaseTaskDefinitions bases)
{
    /// <summary>
    /// Returns the plan of each service, in the release's order. Fails if the x-aws settings or the base rule a rollout out.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="specs">The services.</param>
    /// <param name="cancel">Cancels the read.</param>
    /// <param name="supersedes">
    /// Whether a service that is being deployed, or whose deployment failed, is planned from its last completed deployment.
    /// </param>
    public async Task<IReadOnlyList<ServicePlan>> Read(
        AppName app, IEnumerable<ServiceSpec> specs, CancellationToken cancel, bool supersedes = false)
    {
        var named = specs.Select(s => (Spec: s, Settings: AwsSettings.From(s.Service))).Select(
            s => (s.Spec, s.Settings, Name: s.Settings.NameOf(app, s.Spec.Service.Name))).ToList();
        var services = await ecs.Services(named.Select(n => n.Name), cancel);
        var plans = new List<ServicePlan>();
        foreach (var (spec, settings, name) in named)
        {
            if (!services.TryGetValue(name, out var seen))
            {
                plans.Add(new(spec, settings, name, null, null, null));
                continue;
            }

            var service = await bases.WithOwn(app, spec.Service.Name, seen, cancel);
            var moving = supersedes && service.IsMoving;
            var completed = moving ? await ecs.LastCompleted(name, cancel) : null;
            var current = await ecs.TaskDefinition(completed ?? service.TaskDefinition!, cancel);
            plans.Add(new(spec, settings, name, service, current, await bases.Find(app, spec.Service.Name, current, settings, cancel))
            {
                InFlight = moving ? service.TaskDefinition : null,
                IsCompleted = completed is not null,
                RetiredCount = await bases.RetiredCount(app, spec.Service.Name, service, cancel),
            });
        }

        return plans;
    }
}
