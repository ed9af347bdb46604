using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Determines the task definition on which the releases of each service are based: the one that the service ran before its first release,
/// or that someone else has given it since. It is recorded, so that a release is never based on what an earlier one made.
/// </summary>
internal sealed class BaseTaskDefinitions(IBaseTaskDefinitionStore store, IVault vault, EcsClient ecs)
{
    private const string Copy = "BASE";

    /// <summary>Returns the base, given what the service runs now. Fails with <see cref="AwsProblemCode.Refused"/>.</summary>
    public async Task<DescribedTaskDefinition> Find(
        AppName app, ServiceName service, DescribedTaskDefinition current, AwsSettings settings, CancellationToken cancel)
    {
        var found = IsCopy(app, service, current)
            ? await Recorded(app, service, cancel) ?? current
            : DescribedTaskDefinition.BaseOf(service, current, current.IsOurs ? await Recorded(app, service, current, cancel) : null);
        // A template marks the family of the base with a tag, because what its service runs before the first release is only a placeholder.
        var family = TaskTags.Find(found.Tags, TaskTags.Base) ?? (settings.NewestOfFamily ? found.Family : null);
        if (family is null) return found;
        var newest = await ecs.TaskDefinition(family, cancel);
        return newest.IsOurs ? found : newest;
    }

    /// <summary>
    /// Determines whether it is the copy that a rollback returned to because ECS couldn't start the original. It is in our family, which is
    /// never the base's.
    /// </summary>
    private bool IsCopy(AppName app, ServiceName service, DescribedTaskDefinition current) =>
        !current.IsOurs && TaskTags.Find(current.Tags, TaskTags.Base) is null
            && current.Family == TaskFamily.ForService(ecs.Cluster, app, service);

    /// <summary>Records the base and the name of the ECS service if they differ from the recorded ones.</summary>
    public async Task Record(AppName app, ServiceName service, string name, DescribedTaskDefinition on, CancellationToken cancel)
    {
        var (arn, before) = (on.Arn, await store.ReadBase(app, service, cancel));
        if (before?.Arn == arn)
        {
            if (before.Name != name) await store.SaveBase(app, service, before with { Name = name }, cancel);
            return;
        }

        var id = SnapshotId.New();
        var copy = new JsonObject { ["taskDefinition"] = on.Definition.DeepClone(), ["tags"] = on.Tags?.DeepClone() };
        var plain = EnvironmentSet.FromJson(
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [Copy] = copy.ToJsonString() }, EcsJson.Default.JsonObject));
        var sealedCopy = await vault.Seal(app, id, plain, cancel);
        await store.SaveBase(
            app, service, new(arn, id, sealedCopy) { Name = name, RetiredCount = before?.RetiredCount, Owed = before?.Owed }, cancel);
    }

    /// <summary>Returns the services that the app has had.</summary>
    public Task<IReadOnlyList<ServiceName>> Services(AppName app, CancellationToken cancel) => store.ListServices(app, cancel);

    /// <summary>Returns the name of the ECS service at the last promotion, or null if it wasn't recorded.</summary>
    public async Task<string?> NameOf(AppName app, ServiceName service, CancellationToken cancel) =>
        (await store.ReadBase(app, service, cancel))?.Name;

    /// <summary>Records the number of tasks of a service that a release no longer has.</summary>
    public async Task Retire(AppName app, ServiceName service, int count, CancellationToken cancel)
    {
        if (await store.ReadBase(app, service, cancel) is { } recorded)
            await store.SaveBase(app, service, recorded with { RetiredCount = count }, cancel);
    }

    /// <summary>
    /// Removes what is no longer needed once a release has the service: that number, because whoever sets it to 0 tasks afterwards means
    /// it, and the configuration that it was owed.
    /// </summary>
    public async Task Succeeded(AppName app, ServiceName service, CancellationToken cancel)
    {
        if (await store.ReadBase(app, service, cancel) is { } recorded && recorded is { RetiredCount: not null } or { Owed: not null })
            await store.SaveBase(app, service, recorded with { RetiredCount = null, Owed = null }, cancel);
    }

    /// <summary>Records the configuration that a rollback which didn't finish left to be restored, or that it is restored.</summary>
    public async Task Owe(AppName app, ServiceName service, JsonObject? configuration, CancellationToken cancel)
    {
        if (await store.ReadBase(app, service, cancel) is { } recorded && !JsonNode.DeepEquals(recorded.Owed, configuration))
            await store.SaveBase(app, service, recorded with { Owed = configuration }, cancel);
    }

    /// <summary>
    /// Returns the service with its own configuration: the one that it had before a rollback that didn't finish, unless somebody has
    /// changed what the rollback left.
    /// </summary>
    public async Task<EcsService> WithOwn(AppName app, ServiceName service, EcsService now, CancellationToken cancel)
    {
        if ((await store.ReadBase(app, service, cancel))?.Owed is not { } owed
            || !DeploymentConfiguration.IsFromRollback(owed, now.Configuration)) return now;
        var raw = (JsonObject)now.Raw.DeepClone();
        raw["deploymentConfiguration"] = owed.DeepClone();
        return new(raw);
    }

    /// <summary>
    /// Returns the number of tasks that a service had when it was retired, or null if it wasn't, or if it has tasks by now.
    /// </summary>
    public async Task<int?> RetiredCount(AppName app, ServiceName service, EcsService now, CancellationToken cancel) =>
        now.DesiredCount == 0 ? (await store.ReadBase(app, service, cancel))?.RetiredCount : null;

    /// <summary>A service that was renamed is based on what it was based on under its former name.</summary>
    private async Task<DescribedTaskDefinition?> Recorded(
        AppName app, ServiceName service, DescribedTaskDefinition current, CancellationToken cancel) =>
        await Recorded(app, service, cancel)
            ?? (TaskTags.Find(current.Tags, TaskTags.App) == app.ToString()
                && TaskTags.Find(current.Tags, TaskTags.Service) is { } named && ServiceName.TryParse(named, null, out var former)
                ? await Recorded(app, former, cancel) : null);

    private async Task<DescribedTaskDefinition?> Recorded(AppName app, ServiceName service, CancellationToken cancel)
    {
        if (await store.ReadBase(app, service, cancel) is not { } recorded) return null;
        try
        {
            return await ecs.TaskDefinition(recorded.Arn, cancel);
        }
        catch (AmazonServiceException gone) when (EcsClient.IsNoTaskDefinition(gone))
        {
            var plain = await vault.Open(app, recorded.SealedUnder, recorded.Sealed, cancel);
            var copy = (JsonObject)JsonNode.Parse(plain.Single(v => v.Key == Copy).Value)!;
            return new((JsonObject)copy["taskDefinition"]!, copy["tags"] as JsonArray);
        }
    }
}
