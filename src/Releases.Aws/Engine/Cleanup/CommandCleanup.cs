namespace Releases.Aws;

/// <summary>
/// Lets go of what the <c>release</c> and <c>verify</c> commands of a promotion have left. A command whose driver died may run still, or
/// begin in a moment, and nobody will hear of its end: it is ended, so that the next promotion's does not run beside it.
/// </summary>
internal sealed class CommandCleanup(EcsClient ecs, FencedChange change)
{
    public async Task Run(Promotion outcome, CancellationToken cancel)
    {
        foreach (var command in outcome.ReleaseCommands.Concat(outcome.VerifyCommands))
        {
            if (CommandJournal.From(command) is not { Definition: { } definition }) continue;
            // First, as nothing can be started by what is inactive.
            await change.SendBestEffort("DeregisterTaskDefinition", new() { ["taskDefinition"] = definition }, cancel);
            if (command.ExitCode is null)
                await StopAll(TaskFamily.ForCommands(ecs.Cluster, outcome.App, command.Service), definition, cancel);
        }
    }

    /// <summary>What cannot be ended ends by itself.</summary>
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
