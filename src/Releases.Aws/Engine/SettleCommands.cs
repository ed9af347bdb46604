namespace Releases.Aws;

/// <summary>
/// Lets go of what the <c>release</c> commands of a promotion have left. A command whose driver died may run still, or begin in a
/// moment, and nobody will hear of its end: it is ended, so that the next promotion's does not run beside it.
/// </summary>
internal sealed class SettleCommands(Ecs ecs, FencedChange change)
{
    private static readonly Func<Task> NothingToWrite = () => Task.CompletedTask;

    public async Task Run(Promotion outcome, CancellationToken cancel)
    {
        foreach (var command in outcome.ReleaseCommands)
        {
            if (CommandNotes.Of(command) is not { Definition: { } definition }) continue;
            // First, as nothing can be started by what is inactive.
            await Quietly(() => change.Send(NothingToWrite, "DeregisterTaskDefinition", new() { ["taskDefinition"] = definition }, cancel));
            if (command.ExitCode is null) await Quietly(() => StopAll(TaskFamily.OfCommands(ecs.Cluster, outcome.App, command.Service), definition, cancel));
        }
    }

    private async Task StopAll(string family, string definition, CancellationToken cancel)
    {
        foreach (var task in (await ecs.TasksOfFamily(family, "RUNNING", cancel)).Where(t => t.Text("taskDefinitionArn") == definition))
            await change.Send(NothingToWrite, "StopTask", new() { ["task"] = task.Text("taskArn"), ["reason"] = "Whoever ran it for the promotion died." }, cancel);
    }

    /// <summary>One more that is active is harmless, and a command ends by itself in the end: not worth a word.</summary>
    private static async Task Quietly(Func<Task> deed)
    {
        try
        {
            await deed();
        }
        catch (Exception kept) when (kept is ProblemException || AwsProblems.OfCall(kept, "ECS") is not null)
        {
        }
    }
}
