namespace Releases.Aws;

/// <summary>Reads what the permissions of an app depend on: before its first release from <c>convox.yml</c>, and from ECS.</summary>
/// <param name="address">The address of the rack.</param>
/// <param name="aws">The connection to AWS.</param>
/// <param name="clients">The clients of the AWS services.</param>
internal sealed class AppPermissions(AwsAddress address, AwsConnection aws, AwsClients clients)
{
    /// <summary>
    /// Returns the app's services, or null if neither the rack nor a manifest has any, and where they come from, as the end of a sentence.
    /// </summary>
    public async Task<(IReadOnlyList<AppService>? Services, IReadOnlyList<string> Buses, string Source)> Read(
        AppName app, Manifest? manifest, CancellationToken cancel)
    {
        await using var store = await DynamoReleaseStore.Open(
            aws.Table(), AwsNames.Table(address.Cluster), aws.Time, aws.Calls(CallLimits.Setup), cancel);
        using var keys = aws.Keys();
        var vault = new KmsVault(keys, AwsNames.Key(address.Cluster), $"{address.Region}/{address.Cluster}", aws.Calls(CallLimits.Setup));
        var found = await store.FindApp(app, cancel) is { DeletedAt: null } existing ? existing : null;
        var released = found is null ? null : await Released(found, store, vault, cancel);
        if ((released ?? manifest) is not { } stated)
            return found is null
                ? (null, [], $"it has no app {app}, and there is no {ManifestReader.FileName} here")
                : ([], await Buses(app, store, vault, cancel), $", which has no release and no {ManifestReader.FileName} here");
        var source = released is not null ? "" : found is null ? $", which it doesn't have yet, by {ManifestReader.FileName}"
            : $" by {ManifestReader.FileName}, because it has no release yet";
        var unknown = stated.Services.Where(s => AwsSettings.From(s).HasVariableName).ToList();
        if (unknown.Count > 0)
            source += $", without {string.Join(", ", unknown.Select(s => s.Name))}: "
                + "only a promotion resolves the variable in x-aws.service";
        var bases = new BaseTaskDefinitions(store.Bases, vault, new(clients.Ecs, address.Cluster));
        var services = await Services(app, stated with { Services = [.. stated.Services.Except(unknown)] }, bases, cancel);
        return (services, found is null ? [] : await Buses(app, store, vault, cancel), source);
    }

    private async Task<Manifest?> Released(App app, DynamoReleaseStore store, KmsVault vault, CancellationToken cancel) =>
        app.Latest is { } latest && await store.FindRelease(app.Name, latest, cancel) is { } release
            ? await new ReleasedManifests(store, new(store, vault, address.Cluster)).Find(app, release, cancel) : null;

    private async Task<IReadOnlyList<AppService>> Services(
        AppName app, Manifest manifest, BaseTaskDefinitions bases, CancellationToken cancel)
    {
        var ecs = new EcsClient(clients.Ecs, address.Cluster);
        var settings = manifest.Services.ToDictionary(s => s.Name, AwsSettings.From);
        var running = await ecs.Services(settings.Select(s => s.Value.NameOf(app, s.Key)), cancel);
        var services = new List<AppService>();
        foreach (var service in manifest.Services)
        {
            var name = settings[service.Name].NameOf(app, service.Name);
            var read = new AppService(service.Name, name, service.Image is null)
            {
                Image = service.Image is { } image ? EcrRepository.ReadFor(image) : null,
                ReadsSecrets = manifest.Environment.Count > 0 || service.Environment.Count > 0,
            };
            services.Add(running.TryGetValue(name, out var found) && found.TaskDefinition is { } arn
                ? await Running(read, app, service, found, await ecs.TaskDefinition(arn, cancel), settings[service.Name], bases, cancel)
                : read);
        }

        return services;
    }

    /// <summary>
    /// A release is made on the base. The task definition before the first one is a placeholder, which may have neither roles nor logs.
    /// </summary>
    private static async Task<AppService> Running(
        AppService read, AppName app, Service service, EcsService found, DescribedTaskDefinition current, AwsSettings settings,
        BaseTaskDefinitions bases, CancellationToken cancel)
    {
        var on = (await Base(app, service, current, settings, bases, cancel)).Definition;
        var tests = service.Verify is not null && service.Port is not null;
        return read with
        {
            Roles = [.. new[] { on.Text("executionRoleArn"), on.Text("taskRoleArn") }.OfType<string>().Distinct()],
            ExecutionRole = on.Text("executionRoleArn"),
            LogGroups = [.. new[] { on, current.Definition }.SelectMany(LogGroups).Distinct()],
            LoadBalancing = !tests ? []
                : PauseHook.FreeStage(found) == LifecycleStage.TestTrafficShifted && found.TestListenerRule is not null
                    ? ["DescribeListeners", "DescribeLoadBalancers", "DescribeRules"]
                    : found.TargetGroups.Count > 0 ? ["DescribeTargetHealth"] : [],
        };
    }

    private static IEnumerable<string> LogGroups(System.Text.Json.Nodes.JsonObject definition) =>
        definition.Objects("containerDefinitions").Select(c => c["logConfiguration"]?["options"].Text("awslogs-group")).OfType<string>();

    /// <summary>A promotion would be refused without a base, which isn't a matter of permissions.</summary>
    private static async Task<DescribedTaskDefinition> Base(
        AppName app, Service service, DescribedTaskDefinition current, AwsSettings settings, BaseTaskDefinitions bases,
        CancellationToken cancel)
    {
        try
        {
            return await bases.Find(app, service.Name, current, settings, cancel);
        }
        catch (ProblemException unknown) when (unknown.Is(AwsProblemCode.Refused))
        {
            return current;
        }
    }

    /// <summary>Returns the event buses of the app's hooks. An agent that is alive puts the events itself, with its own role.</summary>
    private async Task<IReadOnlyList<string>> Buses(AppName app, DynamoReleaseStore store, KmsVault vault, CancellationToken cancel)
    {
        var now = aws.Time.GetUtcNow();
        if ((await store.Agents.List(cancel)).Any(a => a.IsAlive(now))) return [];
        var buses = new List<string>();
        foreach (var hook in (await store.ListHooks(_ => { }, cancel)).Where(h => h.App == app && h.Payload == HookFormat.EventBridge))
            buses.Add((await HookSecrets.Open(vault, hook, cancel)).Address);
        return [.. buses.Distinct()];
    }
}
