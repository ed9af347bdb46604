namespace Releases.Aws;

/// <summary>Everything that keeps a release from being rolled out on ECS, before anything is touched.</summary>
internal static class EcsCheck
{
    /// <summary>About as long as what a secret's reference will be, so that sizes can be judged before there is one.</summary>
    private static readonly string LikeAReference = "arn:aws:secretsmanager:" + new string('x', 150);

    /// <summary>What is wrong with one service.</summary>
    public static IReadOnlyList<Problem> Of(ServicePlan plan, Rollout rollout, string cluster)
    {
        var problems = new List<Problem>(ServiceChecks.Of(plan.Facts(rollout.App)));
        var service = plan.Spec.Service;
        if (plan.Spec.ResolvedDefaults is { Count: > 0 } mixed)
            problems.Add(new(
                ProblemCode.AwsRefused,
                $"The default of {string.Join(", ", mixed)} of {service.Name} refers to the release's environment, and would stand in its task definition for everybody to read; nothing was touched.",
                "Set the variable itself with: dotnet convox env set"));
        if (Command(plan, rollout) is not null && TaskPlace.Refusal(plan) is { } nowhere) problems.Add(nowhere);
        if (plan.On is null || problems.Count > 0) return problems;
        try
        {
            var secrets = plan.Spec.Secrets.ToDictionary(k => k, k => LikeAReference + k);
            plan.TaskDefinition(rollout, cluster, secrets);
            if (Command(plan, rollout) is { } command) plan.CommandDefinition(rollout, cluster, secrets, command);
        }
        catch (ProblemException refused)
        {
            problems.AddRange(refused.Problems);
        }

        return problems;
    }

    /// <summary>The release command that will be run; null: none will.</summary>
    private static ProcessCommand? Command(ServicePlan plan, Rollout rollout) => rollout.RunsRelease ? plan.Spec.Service.Release : null;

    /// <summary>What is wrong with all of them together.</summary>
    public static IReadOnlyList<Problem> OfAll(IReadOnlyList<ServicePlan> plans, Rollout rollout)
    {
        var problems = new List<Problem>();
        if (plans.Count > 0 && plans.All(p => p.Service is not null && (p.WantedCount(rollout.App) ?? p.Service.Number("desiredCount")) == 0))
            problems.Add(new(
                ProblemCode.AwsRefused, $"Every service of {rollout.App.Name} would have 0 processes, so nothing could verify {rollout.Release.Id}; nothing was touched.",
                "Give one of them a count with: dotnet convox scale"));
        foreach (var twice in plans.GroupBy(p => p.Name).Where(g => g.Count() > 1))
            problems.Add(new(
                ProblemCode.AwsRefused, $"{string.Join(" and ", twice.Select(p => p.Spec.Service.Name))} name the same ECS service {twice.Key}; nothing was touched.", "Give each a service of its own as x-aws.service."));
        return problems;
    }
}
