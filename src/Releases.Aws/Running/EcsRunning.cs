using System.Runtime.CompilerServices;

namespace Releases.Aws;

/// <summary>Reads what is actually running, from what ECS reports about the services of the active release.</summary>
internal sealed class EcsRunning(
    IReleaseStore store, ReleasedManifests manifests, EcsClient ecs, JsonService logs, TimeProvider time) : IRunning
{
    public Task<IReadOnlyList<RunningProcess>> Processes(
        AppName app, CancellationToken cancel = default) => Translate<IReadOnlyList<RunningProcess>>(async () =>
    {
        var definitions = new TaskReleases(ecs);
        var processes = new List<RunningProcess>();
        foreach (var (service, _, seen) in await Seen(app, cancel))
            foreach (var task in await ecs.Tasks(seen.Name, EcsDesiredStatus.Running, cancel))
                processes.Add(new(
                    ProcessName(service, task.Arn), service, await definitions.ReleaseOf(task.TaskDefinition, cancel), Status(task),
                    task.StartedAt ?? task.CreatedAt ?? time.GetUtcNow(), 0, null, null));
        return [.. processes.OrderBy(p => p.Service).ThenBy(p => p.StartedAt)];
    });

    public Task<IReadOnlyList<RunningService>> Services(
        AppName app, CancellationToken cancel = default) => Translate<IReadOnlyList<RunningService>>(async () =>
    {
        var definitions = new TaskReleases(ecs);
        var services = new List<RunningService>();
        foreach (var (service, _, seen) in await Seen(app, cancel))
        {
            var runs = seen.Primary?.TaskDefinition ?? seen.TaskDefinition!;
            var (desired, running) = (seen.DesiredCount ?? 0, seen.RunningCount ?? 0);
            var release = await definitions.ReleaseOf(runs, cancel);
            services.Add(new(
                service, null, null, desired, running, Math.Min(desired, running), release,
                release is null ? $"its task definition {runs[(runs.LastIndexOf('/') + 1)..]} isn't a release" : null));
        }

        return [.. services.OrderBy(s => s.Service)];
    });

    public TimeSpan? LogPeriod => LogGroupReader.DefaultSince;

    public async IAsyncEnumerable<LogLine> Logs(LogQuery query, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var reader = new LogGroupReader(logs, time);
        var streams = new List<LogSource>();
        var definitions = new TaskReleases(ecs);
        foreach (var (service, container, seen) in (await Translate(() => Seen(query.App, cancel)))
            .Where(s => query.Services.Count == 0 || query.Services.Contains(s.Service)))
        {
            var definition = await Translate(() => ecs.TaskDefinition(seen.TaskDefinition!, cancel));
            var name = ServiceContainer.NameIn(definition.Definition, service, container, seen.LoadBalancers);
            var log = TaskLogStream.From(definition.Definition, "task/", name);
            if (log.Stream is null)
                throw new Problem(
                    ProblemCode.NotSupported, $"the output of {service} can't be shown: {log.Elsewhere!.Trim('(', ')')}.",
                    "Read them where the log driver of its task definition sends them.").ToException();
            streams.Add(new(service, log.Group!, log.Stream));
        }

        var ofTheRelease = query.Release is { } release ? await Translate(
            () => ProcessesOf(query.App, release, definitions, cancel)) : null;
        await foreach (var line in reader.Read(streams, query, cancel))
            if (ofTheRelease is null || ofTheRelease.Contains(line.Process)) yield return line with { Release = query.Release };
    }

    /// <summary>Includes the running processes, and the stopped ones that ECS still knows: those of about the last hour.</summary>
    private async Task<HashSet<string>> ProcessesOf(AppName app, ReleaseId release, TaskReleases definitions, CancellationToken cancel)
    {
        var processes = new HashSet<string>();
        foreach (var (service, _, seen) in await Seen(app, cancel))
            foreach (var status in (EcsDesiredStatus[])[EcsDesiredStatus.Running, EcsDesiredStatus.Stopped])
                foreach (var task in await ecs.Tasks(seen.Name, status, cancel))
                    if (await definitions.ReleaseOf(task.TaskDefinition, cancel) == release) processes.Add(ProcessName(service, task.Arn));
        return processes;
    }

    /// <summary>Returns the task of a process with the name of the service's container, or null if it is no longer running.</summary>
    public async Task<(EcsTask Task, string Container)?> FindTask(AppName app, RunningProcess process, CancellationToken cancel)
    {
        foreach (var (service, container, seen) in (await Seen(app, cancel)).Where(s => s.Service == process.Service))
        {
            var task = (await ecs.Tasks(seen.Name, EcsDesiredStatus.Running, cancel))
                .FirstOrDefault(t => ProcessName(service, t.Arn) == process.Id);
            if (task is null) continue;
            var definition = await ecs.TaskDefinition(task.TaskDefinition, cancel);
            return (task, ServiceContainer.NameIn(definition.Definition, service, container, seen.LoadBalancers));
        }

        return null;
    }

    public static string ProcessName(ServiceName service, string taskArn) => $"{service}-{taskArn[(taskArn.LastIndexOf('/') + 1)..][..8]}";

    /// <summary>
    /// Returns the ECS services of the active release, else of the latest one, with the container that <c>x-aws.container</c> names.
    /// </summary>
    private async Task<IReadOnlyList<(ServiceName Service, string? Container, EcsService Seen)>> Seen(
        AppName app, CancellationToken cancel)
    {
        var record = await store.RequireApp(app, cancel);
        if ((record.Active ?? record.Latest) is not { } id || await store.FindRelease(app, id, cancel) is not { } release
            || await Manifest(record, release, cancel) is not { } manifest)
            return [];
        var stated = manifest.Services.Select(s => (s.Name, Settings: AwsSettings.From(s))).ToList();
        var seen = await ecs.Services(stated.Select(s => s.Settings.NameOf(app, s.Name)), cancel);
        return
        [
            .. stated.Where(s => seen.ContainsKey(s.Settings.NameOf(app, s.Name)))
                .Select(s => (s.Name, s.Settings.Container, seen[s.Settings.NameOf(app, s.Name)])),
        ];
    }

    /// <summary>If a release lacks what its promotion requires, nothing of it was ever started.</summary>
    private async Task<Manifest?> Manifest(App app, Release release, CancellationToken cancel)
    {
        try
        {
            return await manifests.Find(app, release, cancel);
        }
        catch (ProblemException lacking) when (app.Active is null
            && lacking.Problems.All(p => p.Code is ProblemCode.RequiredEnvironment or ProblemCode.Incomplete))
        {
            return null;
        }
    }

    private static ProcessStatus Status(EcsTask task) => task.LastStatus switch
    {
        EcsTaskStatus.Running => task.Health == EcsHealth.Unhealthy ? ProcessStatus.Unhealthy : ProcessStatus.Healthy,
        EcsTaskStatus.Deactivating => ProcessStatus.Draining,
        EcsTaskStatus.Stopping or EcsTaskStatus.Deprovisioning or EcsTaskStatus.Stopped => ProcessStatus.Stopping,
        _ => ProcessStatus.Starting,
    };

    private static Task<T> Translate<T>(Func<Task<T>> call) => AwsProblems.Translate("ECS", call);
}
