namespace Releases.Aws;

/// <summary>Reads the status of an update of a service.</summary>
internal sealed class RolloutReader(EcsClient ecs, UpdateOnce update, TimeProvider time)
{
    /// <summary>After this time, a read that shows another task definition isn't explained by read lag.</summary>
    private static readonly TimeSpan MaxReadLag = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Returns the verdict on an update to a task definition, and what it is based on: our service deployment, if ECS shows it, and with
    /// early success our individual tasks.
    /// </summary>
    public async Task<(RolloutVerdict Verdict, ServiceDeployment? Deployment, LiveTasks? Live)> Read(
        EcsSnapshot snapshot, ServiceJournal notes, string target, ServiceUpdate asked, EcsService service, CancellationToken cancel)
    {
        var arn = await update.Deployment(snapshot, notes.Service, target, asked, cancel);
        var deployment = arn is null ? null : await snapshot.Deployment(arn, cancel);
        var isPastLag = IsPastLag(asked);
        if (service.Primary?.TaskDefinition == target) snapshot.SeenInPlace.Add(notes.Service + target);
        var seen = new RolloutFacts(service, target, [.. notes.Before, .. notes.Ours is { } ours ? [ours] : Array.Empty<string>()])
        {
            // If our service deployment is never shown, the service's own deployments decide, as with older endpoints.
            HasServiceDeployments = snapshot.HasServiceDeployments && !(deployment is null && isPastLag),
            Deployment = deployment,
            DeploymentTarget = deployment is null ? null : await snapshot.TargetOf(deployment, cancel),
            IsTargetHidden = isPastLag && arn == asked.Deployment,
            // Only an update that is known to have taken effect can have been rolled back.
            WasOurs = deployment is null
                ? snapshot.SeenInPlace.Contains(notes.Service + target) || (isPastLag && asked.TookEffect)
                : isPastLag && time.GetUtcNow() - deployment.FinishedAt > MaxReadLag,
            Live = EarlySuccess.IsOn(service)
                && deployment is null or { HasStatus: false } or { Status: ServiceDeploymentStatus.Successful }
                ? await Live(service, notes.Service, target, cancel) : null,
        };
        return (RolloutVerdict.From(seen), deployment, seen.Live);
    }

    /// <summary>Determines whether ECS accepted the request so long ago that read lag doesn't explain a read without it.</summary>
    public bool IsPastLag(ServiceUpdate asked) => time.GetUtcNow() - (asked.AcceptedAt ?? asked.AskedAt) > MaxReadLag;

    private async Task<LiveTasks> Live(EcsService service, string name, string target, CancellationToken cancel)
    {
        List<EcsTask> tasks =
            [.. await ecs.Tasks(name, EcsDesiredStatus.Running, cancel), .. await ecs.Tasks(name, EcsDesiredStatus.Stopped, cancel)];
        return LiveTasks.From(tasks, await ecs.TaskDefinition(target, cancel), service.DesiredCount ?? 0);
    }

    /// <summary>Returns an observation that names who gave the service another task definition.</summary>
    public async Task<Observation> Superseded(string runs, CancellationToken cancel)
    {
        string? by;
        try
        {
            by = (await ecs.TaskDefinition(runs, cancel)).RegisteredBy;
        }
        catch (Exception refused) when (AwsProblems.From(refused, "ECS") is { } problem)
        {
            by = $"somebody (unknown: {problem.Message.TrimEnd('.')})";
        }

        return new(ObservedState.Superseded)
        {
            Reason = $"was changed by somebody else in the meantime: its task definition is {runs}, "
                + $"registered by {by ?? "somebody"}, and was left as it is",
        };
    }
}
