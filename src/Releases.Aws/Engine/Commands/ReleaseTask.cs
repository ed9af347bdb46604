using System.Security.Cryptography;
using System.Text;

namespace Releases.Aws;

/// <summary>Runs a <c>release</c> command as a separate task, in the same place as the service's tasks.</summary>
internal sealed class ReleaseTask(
    RolloutCheck checks, ReleaseSecrets secrets, FencedChange change, RegisterOnce register, RunTaskOnce run, TaskCompletion completion)
{
    /// <summary>Runs the command, and returns its exit code and last lines. When cancelled, the task is stopped first.</summary>
    public async Task<CommandEnd> Run(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var (rollout, plan) = (service.Rollout, await checks.Require(service, cancel));
        var definition = plan.CommandDefinition(rollout, checks.Cluster, await secrets.PublishOnce(snapshot, rollout, cancel));
        var journal = new CommandJournal();
        var registered = await register.Ours(service.Name, definition, asked: false, () => journal.Save(service.Journal, cancel), cancel);
        journal = journal with { Definition = registered };
        var task = await run.Run(
            new(
                definition.Text("family")!, registered, TaskPlacement.From(plan.Service!), rollout.Promotion.ToString(),
                TokenOf(rollout.Promotion, service.Name)),
            () => journal.Save(service.Journal, CancellationToken.None), cancel);
        // If this write fails, CommandCleanup finds the task by its definition and stops it.
        journal = await (journal with { Task = task }).Save(service.Journal, CancellationToken.None);
        return await completion.WaitForEnd(definition, task, plan.Container, Stop, cancel);

        Task Stop() => change.Send(
            async () => journal = await (journal with { StopAsked = true }).Save(service.Journal, CancellationToken.None), "StopTask",
            new() { ["task"] = task, ["reason"] = "Stopped by the promotion." }, CancellationToken.None);
    }

    /// <summary>64 characters, the maximum that ECS accepts.</summary>
    private static string TokenOf(PromotionId promotion, ServiceName service) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{promotion} release {service}")));
}
