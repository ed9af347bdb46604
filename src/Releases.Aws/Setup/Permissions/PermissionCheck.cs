namespace Releases.Aws;

/// <summary>Queries IAM about every action that releasing to a rack requires, before the first promotion needs it.</summary>
/// <param name="address">The address of the rack.</param>
/// <param name="aws">The connection to AWS.</param>
/// <param name="clients">The clients of the AWS services.</param>
internal sealed class PermissionCheck(AwsAddress address, AwsConnection aws, AwsClients clients)
{
    /// <summary>IAM allows few calls per second in an account.</summary>
    private const int AtOnce = 4;

    /// <summary>Returns a finding for each action, and a sentence on what was checked. Without findings if IAM can't be queried.</summary>
    public async Task<(IReadOnlyList<RackFinding> Findings, string Scope)> Run(AppName app, CancellationToken cancel)
    {
        using var iam = aws.Iam(CallLimits.Setup);
        try
        {
            if (iam is null) return NotAsked("IAM's address isn't known in this region");
            var caller = await AwsCaller.Ask(aws, CallLimits.Setup, cancel);
            if (await CallerPrincipal.Find(caller, iam, cancel) is not { } principal)
                return NotAsked($"{caller} is neither a user nor a role");
            var (groups, scope) = await Groups(principal, app, cancel);
            var (simulation, findings) = (new PolicySimulation(iam, principal), new List<RackFinding>());
            foreach (var some in groups.Chunk(AtOnce))
                foreach (var found in await Task.WhenAll(some.Select(g => simulation.Ask(g, cancel)))) findings.AddRange(found);
            return (findings, $"IAM was asked about the policies of {principal.Arn}: {scope}.");
        }
        catch (Exception refused) when (AwsProblems.From(refused, "IAM") is { } problem)
        {
            return NotAsked(problem.Message.TrimEnd('.'));
        }
    }

    private static (IReadOnlyList<RackFinding> Findings, string Scope) NotAsked(string why) =>
        ([], $"Only read access was checked, because iam:SimulatePrincipalPolicy can't be asked: {why}. docs/aws.md lists every action.");

    private async Task<(IReadOnlyList<PermissionGroup> Groups, string Scope)> Groups(CallerPrincipal principal, AppName app,
        CancellationToken cancel)
    {
        var permissions = new RackPermissions(principal.Partition, principal.Account, address);
        try
        {
            return await Services(app, cancel) is { } services
                ? ([.. permissions.OfRack(), .. permissions.OfApp(app), .. services.SelectMany(s => permissions.OfService(app, s))],
                    $"the rack and the app {app}")
                : ([.. permissions.OfRack()], "the rack; name an app to ask about its services as well");
        }
        catch (Exception unread) when (unread is ProblemException || AwsFailure.IsAwsFailure(unread))
        {
            return ([.. permissions.OfRack(), .. permissions.OfApp(app)],
                $"the rack; the services of {app} couldn't be read, so their permissions weren't asked for");
        }
    }

    /// <summary>Returns the services of the app's latest release, or null if the rack doesn't have the app.</summary>
    private async Task<IReadOnlyList<AppService>?> Services(AppName app, CancellationToken cancel)
    {
        await using var store = await DynamoReleaseStore.Open(
            aws.Table(), AwsNames.Table(address.Cluster), aws.Time, aws.Calls(CallLimits.Setup), cancel);
        if (await store.FindApp(app, cancel) is not { DeletedAt: null } found) return null;
        if (found.Latest is not { } latest || await store.FindRelease(app, latest, cancel) is not { } release
            || await store.FindManifest(release, cancel) is not { Services: var read }) return [];
        var ecs = new EcsClient(clients.Ecs, address.Cluster);
        var names = read.ToDictionary(s => s.Name, s => AwsSettings.From(s).NameOf(app, s.Name));
        var running = await ecs.Services(names.Values, cancel);
        var services = new List<AppService>();
        foreach (var service in read) services.Add(await Read(service, names[service.Name], running, ecs, cancel));
        return services;
    }

    private static async Task<AppService> Read(
        Service service, string name, Dictionary<string, EcsService> running, EcsClient ecs, CancellationToken cancel)
    {
        if (!running.TryGetValue(name, out var found) || found.TaskDefinition is not { } arn)
            return new(service.Name, name, service.Image is null, [], []);
        var definition = (await ecs.TaskDefinition(arn, cancel)).Definition;
        var logs = definition.Objects("containerDefinitions")
            .Select(c => c["logConfiguration"]?["options"].Text("awslogs-group")).OfType<string>();
        var roles = new[] { definition.Text("executionRoleArn"), definition.Text("taskRoleArn") }.OfType<string>();
        return new(service.Name, name, service.Image is null, [.. roles.Distinct()], [.. logs.Distinct()]);
    }
}
