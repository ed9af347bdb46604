using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Why the tasks of a release failed.</summary>
/// <param name="Reason">What a task did, to be put after the service's name: <c>exited with code 3</c>; null: nothing is known.</param>
/// <param name="LastLines">What it printed last.</param>
internal sealed record TaskFailure(string? Reason, IReadOnlyList<string> LastLines);

/// <summary>Reads why tasks failed, which ECS keeps for about an hour.</summary>
internal sealed class TaskFailures(EcsClient ecs, TaskOutput output)
{
    /// <summary>The newest failure of a task definition. What cannot be read is said in place of the lines, as it hides no outcome.</summary>
    public async Task<TaskFailure> Newest(string service, string taskDefinition, CancellationToken cancel)
    {
        try
        {
            var stopped = (await ecs.Tasks(service, "STOPPED", cancel)).Where(t => t.Text("taskDefinitionArn") == taskDefinition).OrderByDescending(t => t.Time("stoppedAt")).ToList();
            if (stopped is not [var task, ..]) return new(null, []);
            var container = task.Objects("containers").FirstOrDefault(c => c.Number("exitCode") is not null and not 0) ?? task.Objects("containers").FirstOrDefault();
            var definition = await ecs.TaskDefinition(taskDefinition, cancel);
            return new(Reason(task, container), container is null ? [] : await output.ReadLast(definition.Definition, task.Text("taskArn")!, container.Text("name")!, cancel));
        }
        catch (Exception refused) when (AwsProblems.From(refused, "ECS") is { } problem)
        {
            return new(null, [$"(why its tasks failed cannot be read: {problem.Message.TrimEnd('.')})"]);
        }
    }

    private static string? Reason(JsonObject task, JsonObject? container)
    {
        var detail = container.Text("reason") ?? (task.Text("stopCode") == "EssentialContainerExited" ? null : task.Text("stoppedReason"));
        if (container.Number("exitCode") is { } code) return $"exited with code {code}{(detail is null ? "" : $" ({detail.TrimEnd('.')})")}";
        return (detail ?? task.Text("stoppedReason")) is { } reason ? $"could not run its tasks: {reason.TrimEnd('.')}" : null;
    }
}
