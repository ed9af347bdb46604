using System.Security.Cryptography;
using System.Text;

namespace Releases.Aws;

/// <summary>Runs a <c>release</c> command as a task of its own, where the service's tasks run.</summary>
internal sealed class ReleaseTask(
    RolloutCheck checks, ReleaseSecrets secrets, FencedChange change, RegisterOnce register, RunTaskOnce run, TaskCompletion completion)
{
    /// <summary>Gives its exit code and last lines. A cancelled command's task is stopped first.</summary>
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

    /// <summary>64 letters, as many as ECS takes.</summary>
    private static string TokenOf(PromotionId promotion, ServiceName service) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{promotion} release {service}")));
}
