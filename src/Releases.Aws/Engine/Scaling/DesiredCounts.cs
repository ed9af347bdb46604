using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Determines the number of tasks of a service, which is raised with the rollout but lowered only once all services have succeeded.
/// </summary>
internal sealed class DesiredCounts(JsonService scaling, string cluster)
{
    /// <summary>Returns the count to set with the rollout, or null if the service keeps its own.</summary>
    public async Task<int?> ToRaise(ServicePlan plan, App app, CancellationToken cancel)
    {
        var wanted = plan.CountAfter(app);
        // Application Auto Scaling doesn't scale from 0 tasks, and it was a promotion that set them to 0.
        return wanted > (plan.Service?.DesiredCount ?? 0) && (plan.RetiredCount is not null || !await IsAutoScaled(plan.Name, cancel))
            ? wanted
            : null;
    }

    /// <summary>Returns the count to set after a success, or null if the service keeps its own.</summary>
    public async Task<int?> ToLower(ServicePlan plan, App app, CancellationToken cancel) =>
        plan.WantedCount(app) is { } wanted && wanted < plan.Service?.DesiredCount && !await IsAutoScaled(plan.Name, cancel)
            ? wanted
            : null;

    /// <summary>Determines whether the service has a scalable target, which then controls the count.</summary>
    public async Task<bool> IsAutoScaled(string service, CancellationToken cancel)
    {
        var input = new JsonObject
        {
            ["ServiceNamespace"] = "ecs",
            ["ResourceIds"] = new JsonArray(
            $"service/{cluster}/{service}"),
            ["ScalableDimension"] = "ecs:service:DesiredCount"
        };
        try
        {
            return (await scaling.Read("DescribeScalableTargets", input, cancel)).Output.Objects("ScalableTargets").Any();
        }
        catch (AmazonServiceException refused) when (refused.ErrorCode == "AccessDeniedException")
        {
            throw new Problem(
                AwsProblemCode.Access,
                $"the count of {service} would change, but this caller may not read whether Application Auto Scaling manages it: "
                    + $"{refused.Message.TrimEnd('.')}.",
                "Allow the caller application-autoscaling:DescribeScalableTargets.",
                Unchanged: Problem.NothingChanged).ToException(refused);
        }
    }
}
