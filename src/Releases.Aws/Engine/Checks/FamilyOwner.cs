namespace Releases.Aws;

/// <summary>
/// Checks that a service's family of task definitions isn't another app's: the name <c>prod-internal-api-web</c> is that of
/// <c>internal-api/web</c> in the cluster <c>prod</c>, and of <c>api/web</c> in <c>prod-internal</c>.
/// </summary>
internal sealed class FamilyOwner(EcsClient ecs)
{
    /// <summary>Returns a problem for each service whose family another app uses.</summary>
    public async Task<IReadOnlyList<Problem>> Check(IReadOnlyList<ServicePlan> plans, AppName app, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        foreach (var plan in plans)
        {
            var (name, family) = (plan.Spec.Service.Name, TaskFamily.ForService(ecs.Cluster, app, plan.Spec.Service.Name));
            // A service that runs a release of the app has passed this check.
            if (plan.Current is not { } current || TaskTags.Find(current.Tags, TaskTags.App) == app.ToString()) continue;
            var newest = await ecs.NewestOf(family, cancel);
            if (TaskTags.Find(newest?.Tags, TaskTags.App) is { } owner && owner != app.ToString())
                problems.Add(new(
                    AwsProblemCode.Refused,
                    $"the task definitions of {name} would be in the family {family}, in which those of "
                        + $"{TaskTags.Find(newest!.Tags, TaskTags.Service)} of the app {owner} are.",
                    "Rename the service or the app, or use another cluster. If that app is gone, deregister its task definitions.",
                    Unchanged: Problem.NothingChanged));
        }

        return problems;
    }
}
