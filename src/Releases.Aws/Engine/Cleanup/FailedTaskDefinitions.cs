using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Deregisters what a promotion registered for a service that is rolled back. CloudFormation names only the family, of which ECS takes the
/// newest active revision: the next update of the stack would deploy a release that failed.
/// </summary>
internal sealed class FailedTaskDefinitions(EcsClient ecs, FencedChange change, RegisterOnce register)
{
    /// <summary>Fails with the problem if it stays active.</summary>
    public async Task Deregister(ServiceRollout service, PromotionService recorded, Promotion outcome, CancellationToken cancel)
    {
        // A service that is stuck may still run it.
        if (recorded.Status != ServiceStatus.RolledBack || ServiceJournal.From(service) is not { } notes) return;
        if (await Registered(service, notes, outcome, cancel) is not { } ours || notes.Before.Contains(ours)) return;
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

    /// <summary>A driver may have died between the request and the record of its answer.</summary>
    private async Task<string?> Registered(ServiceRollout service, ServiceJournal notes, Promotion outcome, CancellationToken cancel) =>
        notes.Ours ?? (notes.RegisterAsked
            ? await register.Find(TaskFamily.ForService(ecs.Cluster, outcome.App, service.Name), outcome.Id.ToString(), cancel)
            : null);
}
