using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Tests the reads that a rollout and its rollback need before anything is changed. A caller without permission would otherwise only notice
/// with the new release in place.
/// </summary>
internal sealed class RollbackPermissions(EcsClient ecs)
{
    public async Task<IReadOnlyList<Problem>> Check(IReadOnlyList<ServicePlan> plans, CancellationToken cancel)
    {
        try
        {
            var deployments = new List<string>();
            foreach (var plan in plans.Where(p => p.Service is not null))
                if (await ecs.AnyDeployment(plan.Name, cancel) is { } one) deployments.Add(one);
            var seen = (await ecs.Deployments(deployments, cancel, isTrial: true))?.Values.Select(d => d.TargetRevision).OfType<string>();
            if (seen?.FirstOrDefault() is { } revision) await ecs.TaskDefinitionOf(revision, cancel, isTrial: true);
            return [];
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            return
            [
                new(
                    AwsProblemCode.Access,
                    "this caller may not read the status of a rollout on ECS, so it couldn't be rolled back: "
                        + $"{refused.Message.TrimEnd('.')}.",
                    "Allow it ecs:ListServiceDeployments, ecs:DescribeServiceDeployments, ecs:DescribeServiceRevisions and "
                        + "ecs:StopServiceDeployment in the cluster.", Unchanged: Problem.NothingChanged),
            ];
        }
    }
}
