namespace Releases.Aws;

/// <summary>Represents why the tasks of a release failed.</summary>
/// <param name="Reason">What a task did, as the text that follows the service's name: <c>exited with code 3</c>; null if unknown.</param>
/// <param name="LastLines">The last lines that it printed.</param>
internal sealed record TaskFailure(string? Reason, IReadOnlyList<string> LastLines)
{
    /// <summary>Gets whether the task ended by itself although nothing failed.</summary>
    public bool IsFinished { get; init; }
}

/// <summary>Reads why tasks failed, which ECS keeps for about an hour.</summary>
internal sealed class TaskFailures(EcsClient ecs, TaskOutput output)
{
    /// <summary>
    /// Returns the newest failure of a task definition. A failed read returns a line about it, because it must not hide the outcome.
    /// </summary>
    /// <param name="service">The name of the ECS service.</param>
    /// <param name="taskDefinition">The task definition.</param>
    /// <param name="rollback">When ECS began to roll it back, from which on it stops tasks that didn't fail; null if it hasn't.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<TaskFailure> Newest(
        string service, string taskDefinition, DateTimeOffset? rollback, CancellationToken cancel)
    {
        try
        {
            var failed = (await ecs.Tasks(service, EcsDesiredStatus.Stopped, cancel))
                .Where(t => t.TaskDefinition == taskDefinition
                    && (t.HasFailed || (!t.WasScaledIn && (rollback is null || t.StoppedAt < rollback))))
                .OrderByDescending(t => t.HasFailed).ThenByDescending(t => t.StoppedAt).ToList();
            if (failed is not [var task, ..]) return new(null, []);
            var container = task.Containers.FirstOrDefault(c => c.ExitCode is not null and not 0) ?? task.Containers.FirstOrDefault();
            var definition = await ecs.TaskDefinition(taskDefinition, cancel);
            return new(
                Reason(task, container),
                container is null ? [] : await output.ReadLast(definition.Definition, task.Arn, container.Name, cancel))
            {
                IsFinished = task.HasExitedByItself && container?.ExitCode == 0,
            };
        }
        catch (Exception refused) when (AwsProblems.From(refused, "ECS") is { } problem)
        {
            return new(null, [$"(the reason why its tasks failed can't be read: {problem.Message.TrimEnd('.')})"]);
        }
    }

    private static string? Reason(EcsTask task, EcsContainer? container)
    {
        var detail = container?.Reason ?? (task.HasExitedByItself ? null : task.StoppedReason);
        if (container?.ExitCode is { } code) return $"exited with code {code}{(detail is null ? "" : $" ({detail.TrimEnd('.')})")}";
        return (detail ?? task.StoppedReason) is { } reason ? $"couldn't run its tasks: {reason.TrimEnd('.')}" : null;
    }
}
