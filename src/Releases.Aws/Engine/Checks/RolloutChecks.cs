namespace Releases.Aws;

/// <summary>Everything that keeps a release from being rolled out on ECS, before anything is touched.</summary>
internal static class RolloutChecks
{
    /// <summary>About as long as what a secret's reference will be, so that sizes can be judged before there is one.</summary>
    private static readonly string LikeAReference = "arn:aws:secretsmanager:" + new string('x', 150);

    /// <summary>What is wrong with one service.</summary>
    public static IReadOnlyList<Problem> OfService(ServicePlan plan, Rollout rollout, string cluster)
    {
        var command = rollout.RunsRelease && plan.Spec.Service.Release is not null;
        List<Problem> problems = [.. ServiceChecks.Of(plan.Facts(rollout.App)), .. Elsewhere(plan, cluster), .. Mixed(plan)];
        if (command && TaskPlacement.Refusal(plan) is { } nowhere) problems.Add(nowhere);
        if (plan.On is null || problems.Count > 0) return problems;
        try
        {
            var secrets = plan.Spec.Secrets.ToDictionary(k => k, k => LikeAReference + k);
            plan.TaskDefinition(rollout, cluster, secrets);
            if (command) plan.CommandDefinition(rollout, cluster, secrets);
        }
        catch (ProblemException refused)
        {
            problems.AddRange(refused.Problems);
        }

        return problems;
    }

    /// <summary>What keeps a command from being run with one service's code and environment, beside whatever the service itself does.</summary>
    public static IReadOnlyList<Problem> OfCommand(ServicePlan plan, App app) =>
        [.. ServiceChecks.OfCommand(plan.Facts(app)), .. Mixed(plan), .. TaskPlacement.Refusal(plan) is { } nowhere ? [nowhere] : Array.Empty<Problem>()];

    /// <summary>An ARN may name a service of another cluster, where this rack has none.</summary>
    private static IEnumerable<Problem> Elsewhere(ServicePlan plan, string cluster)
    {
        if (plan.Settings.Service?.Split('/') is [_, var named, _] && named != cluster)
            yield return new(
                ProblemCode.AwsRefused, $"{plan.Spec.Service.Name} names an ECS service of the cluster {named} in x-aws.service, and this rack is the cluster {cluster}; nothing was touched.",
                "Name a service of this cluster, or use the rack of that one.");
    }

    private static IEnumerable<Problem> Mixed(ServicePlan plan)
    {
        if (plan.Spec.ResolvedDefaults is { Count: > 0 } mixed)
            yield return new(
                ProblemCode.AwsRefused,
                $"The default of {string.Join(", ", mixed)} of {plan.Spec.Service.Name} refers to the release's environment, and would stand in its task definition for everybody to read; nothing was touched.",
                "Set the variable itself with: dotnet convox env set");
        if (plan.Spec.Environment.Where(v => DeferredVariables.NamesIn(v.Value).Any(name => name != "PORT")).Select(v => v.Key).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } later)
            yield return new(
                ProblemCode.Unresolvable, $"The default of {string.Join(", ", later)} of {plan.Spec.Service.Name} refers to what a rack on AWS does not give; nothing was touched.",
                "A task has no folder of its own that stays, and other services have no address that the rack knows: set the variable itself with: dotnet convox env set");
    }

    /// <summary>What is wrong with all of them together.</summary>
    public static IReadOnlyList<Problem> AcrossServices(IReadOnlyList<ServicePlan> plans, Rollout rollout)
    {
        var problems = EmptyRollout.Check(rollout, [.. plans.Select(p => p.Service is null ? null : p.WantedCount(rollout.App) ?? p.Service.DesiredCount)]).ToList();
        foreach (var twice in plans.GroupBy(p => p.Name).Where(g => g.Count() > 1))
            problems.Add(new(
                ProblemCode.AwsRefused, $"{string.Join(" and ", twice.Select(p => p.Spec.Service.Name))} name the same ECS service {twice.Key}; nothing was touched.", "Give each a service of its own as x-aws.service."));
        return problems;
    }
}
