using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Cleans up after a <c>release</c> or <c>verify</c> command of a promotion. A command whose driver died may still be running or about to
/// start, and no driver will receive its result. It is stopped, so that it doesn't run beside the command of the next promotion.
/// </summary>
internal sealed class CommandCleanup(EcsClient ecs, FencedChange change)
{
    /// <summary>Cleans up after one command. Fails if it may still be running.</summary>
    /// <param name="app">The app.</param>
    /// <param name="kind">Which command of the service it is: <c>release</c>, <c>verify</c>.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task Run(AppName app, string kind, ReleaseCommand command, CancellationToken cancel)
    {
        if (CommandJournal.From(command) is not { Definition: { } definition }) return;
        // First, because ECS can't start anything from an inactive definition.
        await change.TryDeregister(definition, cancel);
        if (command.ExitCode is not null) return;
        try
        {
            await AwsProblems.Translate(
                "ECS", () => StopAll(TaskFamily.ForCommands(ecs.Cluster, app, command.Service), definition, cancel));
        }
        catch (ProblemException failure) when (!failure.Is(ProblemCode.Fenced))
        {
            var problem = failure.Problems[0];
            throw (problem with
            {
                Message = $"The {kind} command of {command.Service} may still be running: {problem.Message}",
                Unchanged = null,
            }).ToException(failure);
        }
    }

    private async Task<bool> StopAll(string family, string definition, CancellationToken cancel)
    {
        foreach (var task in await ecs.TasksOfFamily(family, EcsDesiredStatus.Running, cancel))
            if (task.TaskDefinition == definition) await Stop(task.Arn, cancel);
        return true;
    }

    /// <summary>What is repeated is harmless, so that nothing has to be recorded. A task that has ended meanwhile is no failure.</summary>
    private async Task Stop(string task, CancellationToken cancel)
    {
        try
        {
            await change.Send(
                () => Task.CompletedTask, "StopTask", new() { ["task"] = task, ["reason"] = "The promotion has ended." }, cancel);
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            if (await ecs.FindTask(task, cancel) is { IsStopping: false }) throw;
        }
    }
}
