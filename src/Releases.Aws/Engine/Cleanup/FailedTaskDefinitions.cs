using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Deregisters everything that a promotion registered for a service that is rolled back. CloudFormation names only the family, of which
/// ECS takes the newest active revision: the next update of the stack would deploy a release that failed.
/// </summary>
internal sealed class FailedTaskDefinitions(EcsClient ecs, FencedChange change, RegisterOnce register)
{
    /// <summary>Deregisters each of them as a step of the cleanup, which fails with the problem if it stays active.</summary>
    public async Task Deregister(
        CleanupSteps steps, ServiceRollout service, PromotionService recorded, Promotion outcome, CancellationToken cancel)
    {
        // A service that is stuck may still run it.
        if (recorded.Status != ServiceStatus.RolledBack || ServiceJournal.From(service) is not { } notes) return;
        var registered = notes.Ours is { } known ? [known] : new HashSet<string>(StringComparer.Ordinal);
        await steps.Try(async () => registered.UnionWith(await Registered(service, notes, outcome, cancel)));
        foreach (var ours in registered.Except(notes.Before))
            await steps.Try(() => Deregister(service, notes, ours, cancel));
    }

    private async Task Deregister(ServiceRollout service, ServiceJournal notes, string ours, CancellationToken cancel)
    {
        try
        {
            await change.Send(
                () => notes.Save(service, cancel), "DeregisterTaskDefinition", new() { ["taskDefinition"] = ours }, cancel);
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            if (!await ecs.IsActive(ours, cancel)) return;
            var name = ours[(ours.LastIndexOf('/') + 1)..];
            throw new Problem(
                AwsFailure.KindOf(refused) == AwsFailureKind.Denied ? AwsProblemCode.Access : AwsProblemCode.Refused,
                $"the task definition {name} of {service.Name} couldn't be deregistered: {AwsProblems.Reason(refused)}. It is of a release "
                    + "that failed, and an update of the app's stack would deploy it.",
                $"Deregister it: aws ecs deregister-task-definition --task-definition {name}").ToException(refused);
        }
    }

    /// <summary>
    /// Returns what is listed. A driver may have died between the request and the record of its answer, so what it registered last may take
    /// a moment to be listed.
    /// </summary>
    private async Task<IReadOnlyList<string>> Registered(
        ServiceRollout service, ServiceJournal notes, Promotion outcome, CancellationToken cancel)
    {
        if (!notes.RegisterAsked) return [];
        var (family, mark) = (TaskFamily.ForService(ecs.Cluster, outcome.App, service.Name), outcome.Id.ToString());
        if (notes.Ours is null && await register.Find(family, mark, cancel) is null) return [];
        return await register.FindAll(family, mark, cancel);
    }
}
