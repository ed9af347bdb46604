using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Runs one-off processes as ECS tasks, in the same place as the service's own tasks. They don't hold a promotion's lock, so their changes
/// aren't fenced; each has its own client token, so that none starts twice.
/// </summary>
internal sealed class EcsOneOffs(
    RolloutCheck checks, ReleaseSecrets secrets, FencedChange change, RegisterOnce register, RunTaskOnce run,
    OneOffFollower follower, InteractiveTask interactive) : IOneOffs
{
    private static readonly Func<Task> NothingToWrite = () => Task.CompletedTask;

    public Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel) => AwsProblems.Translate("AWS", async () =>
    {
        (string Plugin, ProcessCommand Waiting)? session = oneOff.IsInteractive ? interactive.Prepare() : null;
        var plan = (await checks.Plans.Read(oneOff.App.Name, [oneOff.Service], cancel))[0];
        if (RolloutChecks.ForCommand(plan, oneOff.App) is { Count: > 0 } problems) throw new ProblemException(problems);
        var published = await secrets.Publish(oneOff.App, oneOff.Release, cancel);
        var id = $"run-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var definition = plan.CommandDefinition(
            session is null ? oneOff : oneOff with { Command = session.Value.Waiting }, checks.Cluster, published, id);
        var place = TaskPlacement.From(plan.Service!);
        if (session is not null) PrepareForSessions(definition, place, plan.Container);
        var registered = await register.Ours(plan.Spec.Service.Name, definition, asked: false, NothingToWrite, cancel);
        try
        {
            var task = await run.Run(
                new(definition.Text("family")!, registered, place, id, id), NothingToWrite, cancel);
            caller.Say($"{oneOff.Service.Service.Name} of {oneOff.Release.Id} runs it as task {EcsTask.IdIn(task)}.");
            var stop = new JsonObject { ["task"] = task, ["reason"] = $"Interrupted by {oneOff.By}." };
            return session is var (plugin, _)
                ? await interactive.Run(plugin, task, plan.Container, oneOff.Command, caller, Stop, cancel)
                : await follower.Follow(
                    task, TaskLogStream.From(definition, task, plan.Container), plan.Container, caller, Stop, cancel);

            Task Stop() => change.Send(NothingToWrite, "StopTask", (JsonObject)stop.DeepClone(), CancellationToken.None);
        }
        finally
        {
            await change.TryDeregister(registered, CancellationToken.None);
        }
    });

    /// <summary>Adds an init process that reaps the processes ECS Exec leaves behind, as AWS recommends.</summary>
    private static void PrepareForSessions(JsonObject definition, JsonObject place, string container)
    {
        var ours = TaskDefinition.Containers(definition).First(c => TaskDefinition.NameOf(c) == container);
        if (ours["linuxParameters"] is not JsonObject linux) ours["linuxParameters"] = linux = [];
        linux["initProcessEnabled"] = true;
        place["enableExecuteCommand"] = true;
    }
}
