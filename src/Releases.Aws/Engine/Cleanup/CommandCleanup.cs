namespace Releases.Aws;

/// <summary>
/// Cleans up after the <c>release</c> and <c>verify</c> commands of a promotion. A command whose driver died may still be running or about
/// to start, and no driver will receive its result. It is stopped, so that it doesn't run beside the command of the next promotion.
/// </summary>
internal sealed class CommandCleanup(EcsClient ecs, FencedChange change)
{
    public async Task Run(Promotion outcome, CancellationToken cancel)
    {
        foreach (var command in outcome.ReleaseCommands.Concat(outcome.VerifyCommands))
        {
            if (CommandJournal.From(command) is not { Definition: { } definition }) continue;
            // First, because ECS can't start anything from an inactive definition.
            await change.SendBestEffort("DeregisterTaskDefinition", new() { ["taskDefinition"] = definition }, cancel);
            if (command.ExitCode is null)
                await StopAll(TaskFamily.ForCommands(ecs.Cluster, outcome.App, command.Service), definition, cancel);
        }
    }

    /// <summary>A task that can't be stopped ends by itself.</summary>
    private async Task StopAll(string family, string definition, CancellationToken cancel)
    {
        try
        {
            foreach (var task in (await ecs.TasksOfFamily(family, EcsDesiredStatus.Running, cancel))
                .Where(t => t.TaskDefinition == definition))
                await change.SendBestEffort("StopTask", new() { ["task"] = task.Arn, ["reason"] = "The promotion has ended." }, cancel);
        }
        catch (Exception unseen) when (AwsProblems.From(unseen, "ECS") is not null)
        {
        }
    }
}
