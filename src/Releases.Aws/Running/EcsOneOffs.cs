using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// One-off processes as tasks of ECS, in the place where the service's own tasks run. They hold no promotion's lock, so their changes
/// aren't fenced; each has a client token of its own, so that none starts twice.
/// </summary>
internal sealed class EcsOneOffs(
    RolloutCheck checks, ReleaseSecrets secrets, FencedChange change, RegisterOnce register, RunTaskOnce run,
    OneOffFollower follower) : IOneOffs
{
    private static readonly Func<Task> NothingToWrite = () => Task.CompletedTask;

    public Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel) => AwsProblems.Translate("AWS", async () =>
    {
        var plan = (await checks.Plans.Read(oneOff.App.Name, [oneOff.Service], cancel))[0];
        if (RolloutChecks.ForCommand(plan, oneOff.App) is { Count: > 0 } problems) throw new ProblemException(problems);
        var published = await secrets.Publish(oneOff.App, oneOff.Release, cancel);
        var id = $"run-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var definition = plan.CommandDefinition(oneOff, checks.Cluster, published, id);
        var registered = await register.Ours(plan.Spec.Service.Name, definition, asked: false, NothingToWrite, cancel);
        try
        {
            var task = await run.Run(
                new(definition.Text("family")!, registered, TaskPlacement.From(plan.Service!), id, id), NothingToWrite, cancel);
            caller.Say($"{oneOff.Service.Service.Name} of {oneOff.Release.Id} runs it as task {EcsTask.IdIn(task)}.");
            var stop = new JsonObject { ["task"] = task, ["reason"] = $"Interrupted by {oneOff.By}." };
            return await follower.Follow(
                task, TaskLogStream.From(definition, task, plan.Container), plan.Container, caller,
                () => change.Send(NothingToWrite, "StopTask", (JsonObject)stop.DeepClone(), CancellationToken.None), cancel);
        }
        finally
        {
            await change.SendBestEffort("DeregisterTaskDefinition", new() { ["taskDefinition"] = registered }, CancellationToken.None);
        }
    });
}
