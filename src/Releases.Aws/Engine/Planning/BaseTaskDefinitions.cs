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

    /// <summary>Records the base if it differs from the recorded one.</summary>
    public async Task Record(AppName app, ServiceName service, DescribedTaskDefinition on, CancellationToken cancel)
    {
        var (arn, before) = (on.Arn, await store.ReadBase(app, service, cancel));
        if (before?.Arn == arn) return;
        var id = SnapshotId.New();
        var copy = new JsonObject { ["taskDefinition"] = on.Definition.DeepClone(), ["tags"] = on.Tags?.DeepClone() };
        var plain = EnvironmentSet.FromJson(
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [Copy] = copy.ToJsonString() }, EcsJson.Default.JsonObject));
        var sealedCopy = await vault.Seal(app, id, plain, cancel);
        await store.SaveBase(app, service, new(arn, id, sealedCopy) { RetiredCount = before?.RetiredCount }, cancel);
    }

    /// <summary>Records the number of tasks of a service that a release no longer has.</summary>
    public async Task Retire(AppName app, ServiceName service, int count, CancellationToken cancel)
    {
        if (await store.ReadBase(app, service, cancel) is { } recorded)
            await store.SaveBase(app, service, recorded with { RetiredCount = count }, cancel);
    }

    /// <summary>
    /// Removes that number once a release has the service again. Whoever sets it to 0 tasks afterwards means it.
    /// </summary>
    public async Task ClearRetired(AppName app, ServiceName service, CancellationToken cancel)
    {
        if (await store.ReadBase(app, service, cancel) is { RetiredCount: not null } recorded)
            await store.SaveBase(app, service, recorded with { RetiredCount = null }, cancel);
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
