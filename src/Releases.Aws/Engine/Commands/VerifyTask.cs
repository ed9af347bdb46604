using System.Security.Cryptography;
using System.Text;

namespace Releases.Aws;

/// <summary>
/// Runs a <c>verify</c> command as a separate task, in the same place as the service's tasks. The task of a driver that died is found by
/// its journal, so the command runs only once.
/// </summary>
internal sealed class VerifyTask(
    RolloutCheck checks, EcsClient ecs, ReleaseSecrets secrets, FencedChange change, RegisterOnce register, RunTaskOnce run,
    TaskCompletion completion, VerifyTarget target)
{
    /// <summary>Runs the command, and returns its exit code and last lines. When cancelled, the task is stopped first.</summary>
    public async Task<CommandEnd> Run(EcsSnapshot snapshot, ServiceRollout service, IServiceJournal command, CancellationToken cancel)
    {
        // The plan was made before the command's own trace context was added to the service's environment.
        var plan = (snapshot.Plans.GetValueOrDefault(service.Name) ?? await checks.Plan(service, cancel)) with { Spec = service.Spec };
        var journal = CommandJournal.From(command) is { Definition: not null, StopAsked: false } left
            ? left : await Register(snapshot, service, plan, command, cancel);
        var definition = (await ecs.TaskDefinition(journal.Definition!, cancel)).Definition;
        var task = journal.Task ?? await Start(new(
            definition.Text("family")!, journal.Definition!, TaskPlacement.From(plan.Service!), service.Rollout.Promotion.ToString(),
            TokenOf(journal.Definition!)), () => journal.Save(command, CancellationToken.None), cancel);
        journal = await (journal with { Task = task }).Save(command, CancellationToken.None);
        return await completion.WaitForEnd(definition, task, plan.Container, Stop, cancel);

        Task Stop() => change.Send(
            async () => journal = await (journal with { StopAsked = true }).Save(command, CancellationToken.None), "StopTask",
            new() { ["task"] = task, ["reason"] = "Stopped by the promotion." }, CancellationToken.None);
    }

    /// <summary>A command that is cancelled while ECS doesn't accept the request couldn't be run; it didn't exceed its limit.</summary>
    private async Task<string> Start(CommandTask task, Func<Task> writeDown, CancellationToken cancel)
    {
        var isAsked = false;
        try
        {
            return await run.Run(task, Write, cancel);
        }
        catch (OperationCanceledException) when (isAsked)
        {
            throw Problem.Unavailable(
                ProblemCode.Unreachable, "ECS hadn't accepted RunTask by then.", "Check the limits of the account.").ToException();
        }

        async Task Write()
        {
            await writeDown();
            isAsked = true;
        }
    }

    private async Task<CommandJournal> Register(
        EcsSnapshot snapshot, ServiceRollout service, ServicePlan plan, IServiceJournal command, CancellationToken cancel)
    {
        var published = await secrets.PublishOnce(snapshot, service.Rollout, cancel);
        var address = await target.Find(snapshot, service, command, cancel);
        // Differs from the promotion's own mark, which identifies the task definition of its release command.
        var mark = $"{service.Rollout.Promotion}-verify-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var definition = plan.VerifyDefinition(service.Rollout, checks.Cluster, published, address, mark);
        var journal = new CommandJournal();
        var registered = await register.Ours(service.Name, definition, asked: false, () => journal.Save(command, cancel), cancel);
        return await (journal with { Definition = registered }).Save(command, cancel);
    }

    /// <summary>A successor uses the same token, so it doesn't start a second task. 64 characters, the maximum that ECS accepts.</summary>
    private static string TokenOf(string definition) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"verify {definition}")));
}
