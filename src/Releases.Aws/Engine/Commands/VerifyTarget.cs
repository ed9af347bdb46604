namespace Releases.Aws;

/// <summary>
/// Determines the address at which a <c>verify</c> command reaches the new processes of its service before they have production traffic.
/// </summary>
internal sealed class VerifyTarget(EcsClient ecs, TestListener listener, TargetHealth health, TimeProvider time)
{
    /// <summary>How long ECS may not show the address of a task that it counts as running.</summary>
    private static readonly TimeSpan MaxUnseen = TimeSpan.FromMinutes(1);

    /// <summary>How long the health checks may take; the promotion's own limit applies as well.</summary>
    private static readonly TimeSpan MaxUnhealthy = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Returns the address of the test listener if ECS sends its traffic to the new tasks, else that of one of these tasks, once it passes
    /// every health check of the service; null if the service has no port.
    /// </summary>
    public async Task<string?> Find(EcsSnapshot snapshot, ServiceRollout service, IServiceJournal command, CancellationToken cancel)
    {
        if (service.Spec.Service.Port is not { } port || ServiceJournal.From(service) is not { Ours: { } ours } journal) return null;
        var described = await snapshot.Service(journal.Service, cancel);
        if (journal.PauseStage == LifecycleStage.TestTrafficShifted && described is { TestListenerRule: { } rule })
            return await listener.Address(rule, cancel);
        var isChecked = (await ecs.TaskDefinition(ours, cancel)).ChecksHealth;
        string? waits = null;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < (waits is null ? MaxUnseen : MaxUnhealthy);)
        {
            foreach (var task in await ecs.Tasks(journal.Service, EcsDesiredStatus.Running, cancel))
            {
                if (task.TaskDefinition != ours || task.LastStatus != EcsTaskStatus.Running || task.Address is not { } address) continue;
                waits = task.Health == EcsHealth.Unhealthy || (isChecked && task.Health != EcsHealth.Healthy)
                    ? $"the container health check of {address} hasn't passed"
                    : await health.Problem(described?.TargetGroups ?? [], address.Trim('[', ']'), cancel);
                if (waits is not null) continue;
                await command.Report(null, cancel);
                return $"{(service.Spec.Service.Scheme is "https" or "grpcs" ? "https" : "http")}://{address}:{port}";
            }

            if (waits is not null) await command.Report(waits, cancel);
            await Task.Delay(ReadPace.Shortest, time, cancel);
        }

        throw (waits is null
            ? new Problem(
                AwsProblemCode.Refused, $"ECS shows no address of a new task of {journal.Service}.",
                "Give the ECS service a test listener, or the task definition the network mode awsvpc.")
            : new Problem(
                AwsProblemCode.Refused,
                $"no new task of {journal.Service} became healthy within {Duration.Text(MaxUnhealthy)}: {waits}.",
                "Check the health check and what the tasks log.")).ToException();
    }

    /// <summary>Makes the requests that a command will need, so that a denied permission is found before anything is changed.</summary>
    public async Task Try(EcsService service, CancellationToken cancel)
    {
        if (PauseHook.FreeStage(service) == LifecycleStage.TestTrafficShifted && service.TestListenerRule is { } rule)
            await listener.Address(rule, cancel);
        else await health.Problem(service.TargetGroups, "", cancel);
    }
}
