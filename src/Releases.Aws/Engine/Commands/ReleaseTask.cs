using System.Security.Cryptography;
using System.Text;

namespace Releases.Aws;

/// <summary>Runs a <c>release</c> command as a task of its own, where the service's tasks run.</summary>
internal sealed class ReleaseTask(EcsClient ecs, FencedChange change, RegisterOnce register, RunTaskOnce run, TaskCompletion completion)
{
    /// <summary>Its end. Cancelled, the task is ended first.</summary>
    public async Task<CommandEnd> Run(ServiceRollout service, ServicePlan plan, IReadOnlyDictionary<string, string> secrets, CancellationToken cancel)
    {
        var rollout = service.Rollout;
        var definition = plan.CommandDefinition(rollout, ecs.Cluster, secrets);
        var notes = new CommandJournal();
        var registered = await register.Ours(service.Name, definition, asked: false, () => notes.Save(service, cancel), cancel);
        notes = notes with { Definition = registered };
        var task = await run.Run(
            new(definition.Text("family")!, registered, TaskPlacement.From(plan.Service!), rollout.Promotion.ToString(), TokenOf(rollout.Promotion, service.Name)),
            () => notes.Save(service, CancellationToken.None), cancel);
        // It runs. Where that cannot be written any more, its definition is, and whoever settles the promotion ends it.
        notes = await (notes with { Task = task }).Save(service, CancellationToken.None);
        return await completion.WaitForEnd(definition, task, plan.Container, Stop, cancel);

        Task Stop() => change.Send(
            async () => notes = await (notes with { StopAsked = true }).Save(service, CancellationToken.None), "StopTask",
            new() { ["task"] = task, ["reason"] = "The promotion has ended it." }, CancellationToken.None);
    }

    /// <summary>64 letters, as many as ECS takes.</summary>
    private static string TokenOf(PromotionId promotion, ServiceName service) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{promotion} release {service}")));
}
