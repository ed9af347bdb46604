namespace Releases.Aws;

/// <summary>
/// Stops the ECS services of services that the new release no longer has, under the names that the release before gave them. What the new
/// release uses under another name, and what isn't this app's, is left alone.
/// </summary>
internal sealed class DroppedServices(
    EcsClient ecs, FencedChange change, BaseTaskDefinitions bases, ReleasePlanReader releases, IReleaseStore store)
{
    /// <param name="rollout">The services of the new release.</param>
    /// <param name="outcome">The promotion.</param>
    /// <param name="dropped">The service that the new release no longer has.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task Stop(IReadOnlyList<ServiceRollout> rollout, Promotion outcome, ServiceName dropped, CancellationToken cancel)
    {
        var app = outcome.App;
        var settings = await Settings(outcome, dropped, cancel);
        var name = settings.NameOf(app, dropped);
        if (rollout.Any(s => AwsSettings.From(s.Spec.Service).NameOf(app, s.Name) == name)) return;
        if ((await ecs.Services([name], cancel)).GetValueOrDefault(name) is not { DesiredCount: > 0 and var count } service) return;
        if (!await IsOurs(service, app, dropped, settings, cancel)) return;
        await bases.Retire(app, dropped, count, cancel);
        await change.SetCount(rollout[0], name, 0, cancel);
    }

    /// <summary>
    /// Variables in the name are resolved by the release that had the service; of one that an earlier promotion dropped, the name is
    /// recorded. Fails if the name is stated and the release before, which had the service, can't be read.
    /// </summary>
    private async Task<AwsSettings> Settings(Promotion outcome, ServiceName dropped, CancellationToken cancel)
    {
        if (outcome.Retired.Contains(dropped) && outcome.Previous is { } previous && await store.FindApp(outcome.App, cancel) is { } app
            && await store.FindRelease(outcome.App, previous, cancel) is { } release)
        {
            var plan = await releases.Read(app, release, cancel);
            if (plan.Services.FirstOrDefault(s => s.Service.Name == dropped) is { } spec)
            {
                var settings = AwsSettings.From(spec.Service);
                return settings.Service is null || plan.Problems.Count == 0 ? settings : throw new ProblemException(plan.Problems);
            }
        }

        var recorded = await bases.NameOf(outcome.App, dropped, cancel);
        return new(recorded == $"{outcome.App}-{dropped}" ? null : recorded, null, false, []);
    }

    /// <summary>
    /// The service is this app's by its tag, or because convox.yml names it, and it runs what this app released as the dropped service.
    /// </summary>
    private async Task<bool> IsOurs(
        EcsService service, AppName app, ServiceName dropped, AwsSettings settings, CancellationToken cancel)
    {
        var owner = service.Tag(TaskTags.App);
        if (owner is null ? settings.Service is null : owner != app.ToString()) return false;
        var tags = (await ecs.TaskDefinition(service.TaskDefinition!, cancel)).Tags;
        return TaskTags.Find(tags, TaskTags.App) == app.ToString() && TaskTags.Find(tags, TaskTags.Service) == dropped.ToString();
    }
}
