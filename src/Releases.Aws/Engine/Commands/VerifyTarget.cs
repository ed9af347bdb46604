namespace Releases.Aws;

/// <summary>Where a <c>verify</c> command finds the new processes of its service, before they have production traffic.</summary>
internal sealed class VerifyTarget(EcsClient ecs, TestListener listener, TimeProvider time)
{
    /// <summary>How long ECS may not show the address of a task that it counts as running.</summary>
    private static readonly TimeSpan MaxUnseen = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The address of the test listener where ECS gives the new tasks its traffic, else that of one of these tasks; null: the service has
    /// no port.
    /// </summary>
    public async Task<string?> Find(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        if (service.Spec.Service.Port is not { } port || ServiceJournal.From(service) is not { Ours: { } ours } journal) return null;
        if (journal.PauseStage == PauseHook.Tested
            && await snapshot.Service(journal.Service, cancel) is { TestListenerRule: { } rule })
            return await listener.Address(rule, cancel);
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < MaxUnseen;)
        {
            var tasks = await ecs.Tasks(journal.Service, EcsDesiredStatus.Running, cancel);
            if (tasks.Where(t => t.TaskDefinition == ours && t.LastStatus == EcsTaskStatus.Running && t.Health != EcsHealth.Unhealthy)
                .Select(t => t.Address).FirstOrDefault(a => a is not null) is { } address)
                return $"{(service.Spec.Service.Scheme is "https" or "grpcs" ? "https" : "http")}://{address}:{port}";
            await Task.Delay(EcsEngine.BetweenReads, time, cancel);
        }

        throw new Problem(
            ProblemCode.AwsRefused, $"ECS shows no address of a new task of {journal.Service}.",
            "Give the ECS service a test listener, or the task definition the network mode awsvpc.").ToException();
    }

    /// <summary>Asks once for what a command will need, so that a refusal is found before anything is touched.</summary>
    public async Task Try(EcsService service, CancellationToken cancel)
    {
        if (service.TestListenerRule is { } rule && PauseHook.FreeStage(service) == PauseHook.Tested) await listener.Address(rule, cancel);
    }
}
