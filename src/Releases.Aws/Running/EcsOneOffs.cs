using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// One-off processes as tasks of ECS, where the service's own run. No promotion's lock is held for them, so their changes are not
/// fenced; each is known by a token of its own, so that none is started twice.
/// </summary>
internal sealed class EcsOneOffs(EcsParts parts, JsonService logs, TimeProvider time) : IOneOffs
{
    private static readonly Func<Task> NothingToWrite = () => Task.CompletedTask;

    public Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel) => AwsProblems.Translate("AWS", async () =>
    {
        var plan = (await parts.Plans.Read(oneOff.App.Name, [oneOff.Service], cancel))[0];
        if (RolloutChecks.OfCommand(plan, oneOff.App) is { Count: > 0 } problems) throw new ProblemException(problems);
        var secrets = await parts.Secrets.Publish(oneOff.App, oneOff.Release, cancel);
        var id = $"run-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var definition = plan.CommandDefinition(oneOff, parts.Ecs.Cluster, secrets, id);
        var registered = await parts.Register.Ours(plan.Spec.Service.Name, definition, asked: false, NothingToWrite, cancel);
        try
        {
            var task = await parts.RunTask.Run(new(definition.Text("family")!, registered, TaskPlacement.From(plan.Service!), id, id), NothingToWrite, cancel);
            return await Follow(oneOff, task, plan.Container, new(logs, TaskLogStream.From(definition, task, plan.Container), caller), caller, cancel);
        }
        finally
        {
            await parts.Change.SendBestEffort("DeregisterTaskDefinition", new() { ["taskDefinition"] = registered }, CancellationToken.None);
        }
    });

    /// <summary>Its exit code; what it prints is told meanwhile.</summary>
    private async Task<int> Follow(OneOff oneOff, string task, string container, LogStreamFollower lines, IOneOffCaller caller, CancellationToken cancel)
    {
        caller.Say($"{oneOff.Service.Service.Name} of {oneOff.Release.Id} runs it as the task {task[(task.LastIndexOf('/') + 1)..]}.");
        JsonObject? ended;
        try
        {
            ended = await parts.End.WaitForExit(task, container, lines.Tell, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            (ended, var trouble) = await parts.End.Stop(task, container, () => parts.Change.Send(NothingToWrite, "StopTask", Stop(task, oneOff), CancellationToken.None));
            if (ended is null) caller.Say($"The task was to be ended and may still run: {trouble}.");
            else await lines.PrintRest(time);
            throw;
        }

        await lines.PrintRest(time);
        return TaskCompletion.ExitCodeOf(ended, container);
    }

    private static JsonObject Stop(string task, OneOff oneOff) => new() { ["task"] = task, ["reason"] = $"Interrupted by {oneOff.By}." };
}
