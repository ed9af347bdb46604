namespace Releases.Aws;

/// <summary>Finds everything that prevents a release from being rolled out on ECS, before anything is changed.</summary>
internal static class RolloutChecks
{
    /// <summary>A placeholder about as long as the reference to a secret, so that sizes can be checked before the secret exists.</summary>
    private static readonly string LikeAReference = "arn:aws:secretsmanager:" + new string('x', 150);

    /// <summary>Returns the problems of one service.</summary>
    public static IReadOnlyList<Problem> ForService(ServicePlan plan, Rollout rollout, string cluster)
    {
        var command = rollout.Terms.RunRelease && plan.Spec.Service.Release is not null;
        List<Problem> problems =
            [.. ServiceChecks.Run(plan.Facts(rollout.App)), .. Elsewhere(plan, cluster), .. Mixed(plan), .. Untold(plan, rollout)];
        var isEmpty = plan.IsEmpty(rollout.App);
        var verify = rollout.TakesSteps && plan.Spec.Service.Verify is not null && !isEmpty;
        if (plan.Service is { } service && !isEmpty) problems.AddRange(BeforeTraffic(plan, service, rollout));
        if ((command || verify) && TaskPlacement.Refusal(plan) is { } nowhere) problems.Add(nowhere);
        if (plan.Base is null || problems.Count > 0) return problems;
        try
        {
            var secrets = plan.Spec.Secrets.ToDictionary(k => k, k => LikeAReference + k);
            plan.TaskDefinition(rollout, cluster, secrets);
            if (command) plan.CommandDefinition(rollout, cluster, secrets);
            if (verify) plan.VerifyDefinition(rollout, cluster, secrets, LikeAReference, LikeAReference);
        }
        catch (ProblemException refused)
        {
            problems.AddRange(refused.Problems);
        }

        return problems;
    }

    /// <summary>
    /// Returns what prevents a command from being run with one service's code and environment, regardless of the state of the service
    /// itself.
    /// </summary>
    public static IReadOnlyList<Problem> ForCommand(ServicePlan plan, App app) =>
        [.. ServiceChecks.RunForCommand(plan.Facts(app)), .. Mixed(plan),
            .. TaskPlacement.Refusal(plan) is { } nowhere ? [nowhere] : Array.Empty<Problem>()];

    /// <summary>ECS waits before production traffic moves only if it shifts the traffic.</summary>
    private static IEnumerable<Problem> BeforeTraffic(ServicePlan plan, EcsService service, Rollout rollout)
    {
        var name = plan.Spec.Service.Name;
        var tries = rollout.TakesSteps && plan.Spec.Service is { Verify: not null, Port: not null };
        if (ShiftSettings.IsRolling(ShiftSettings.StrategyOf(service.Configuration, plan.Spec.Service)))
        {
            if (rollout.Terms.Holds)
                yield return new(
                    AwsProblemCode.Refused,
                    $"{name} can't be held: ECS deploys {plan.Name} by ROLLING, so new tasks get traffic as soon as they are healthy.",
                    "Promote without a hold, or use the strategy blue-green, linear or canary.", Unchanged: Problem.NothingChanged);
            if (tries)
                yield return new(
                    AwsProblemCode.Refused,
                    $"{name} can't be verified: ECS deploys {plan.Name} by ROLLING, so there is no new task before the traffic moves.",
                    "Use the strategy blue-green, linear or canary, or remove verify.", Unchanged: Problem.NothingChanged);
            yield break;
        }

        if (PauseHook.FreeStage(service) is not { } stage)
        {
            if (rollout.Terms.Holds || rollout.Verifies)
                yield return new(
                    AwsProblemCode.Refused,
                    $"{name} can't be {(rollout.Terms.Holds ? "held" : "verified")}: {plan.Name} has a PAUSE hook of its own at the stage "
                        + "where the promotion would wait.",
                    $"{(rollout.Terms.Holds ? "Promote without a hold" : "Remove verify")}, or move that hook to another stage.",
                    Unchanged: Problem.NothingChanged);
        }
        else if (ServicePreparation.Waits(rollout) && rollout.Limit > PauseHook.MaxLimit)
            yield return new(
                AwsProblemCode.Refused,
                $"{name} can't wait that long: the promotion may take {Duration.Text(rollout.Limit)}, but ECS rolls {plan.Name} back after "
                    + "14 days.",
                $"Promote with a shorter {(rollout.Terms.Holds ? "hold or " : "")}time limit.", Unchanged: Problem.NothingChanged);
        else if (tries && (stage != LifecycleStage.TestTrafficShifted || !service.TakesTestTraffic)
            && plan.Base is { HasOwnNetwork: false })
            yield return new(
                AwsProblemCode.Refused,
                $"{name} can't be verified: the tasks of {plan.Name} have no address of their own, and no test listener leads to them.",
                "Give the ECS service a test listener, or its task definition the network mode awsvpc.", Unchanged: Problem.NothingChanged);
    }

    /// <summary>An ARN may name a service of another cluster, to which this rack has no access.</summary>
    private static IEnumerable<Problem> Elsewhere(ServicePlan plan, string cluster)
    {
        if (plan.Settings.Service?.Split('/') is [_, var named, _] && named != cluster)
            yield return new(
                AwsProblemCode.Refused,
                $"{plan.Spec.Service.Name} names an ECS service of the cluster {named} in x-aws.service, but this rack is the cluster "
                    + $"{cluster}.",
                "Name a service of this cluster, or use the rack of the other cluster.", Unchanged: Problem.NothingChanged);
    }

    /// <summary>Only what was shown is superseded, and a rollback returns to what was shown.</summary>
    private static IEnumerable<Problem> Untold(ServicePlan plan, Rollout rollout)
    {
        if (rollout.Terms.Superseded is not { } told || plan.Service is not { } service) yield break;
        var shown = told.FirstOrDefault(s => s.Service == plan.Spec.Service.Name);
        var remedy = Remedy.Do(
            Operation.Promote, "See what is in flight now, and what a rollback returns to", rollout.Release.Id.ToString(),
            OperationOption.Supersede);
        if (plan.InFlight is not null && InFlightDeployments.IdOf(service) != shown?.Deployment)
            yield return new(
                AwsProblemCode.Refused,
                $"a deployment of {plan.Name} began after --supersede had shown what is in flight.", remedy,
                Unchanged: Problem.NothingChanged);
        else if (plan.Current is { } current && shown is { WayBack: { } back } && current.Arn != back)
            yield return new(
                AwsProblemCode.Refused,
                $"a deployment of {plan.Name} was completed after --supersede had shown what a rollback returns to.",
                remedy, Unchanged: Problem.NothingChanged);
    }

    private static IEnumerable<Problem> Mixed(ServicePlan plan)
    {
        if (plan.Spec.ResolvedDefaults is { Count: > 0 } mixed)
            yield return new(
                AwsProblemCode.Refused,
                $"the default of {string.Join(", ", mixed)} of {plan.Spec.Service.Name} refers to the release's environment and would be "
                    + "readable in its task definition.",
                Remedy.Do(Operation.SetEnvironment, "Set the variable itself", $"{mixed[0]}=…"), Unchanged: Problem.NothingChanged);
        if (plan.Spec.Environment.Where(v => DeferredVariables.NamesIn(v.Value).Any(name => name != "PORT")).Select(v => v.Key)
            .Order(StringComparer.Ordinal).ToList() is { Count: > 0 } later)
            yield return new(
                ProblemCode.Unresolvable,
                $"the default of {string.Join(", ", later)} of {plan.Spec.Service.Name} refers to something that a rack on AWS doesn't "
                    + "provide.",
                Remedy.FromString("A task has no lasting folder, and the rack knows no address of other services.").Or(
                    Remedy.Do(Operation.SetEnvironment, "Set the variable itself", $"{later[0]}=…")), Unchanged: Problem.NothingChanged);
    }

    /// <summary>Returns the problems of all services together.</summary>
    public static IReadOnlyList<Problem> AcrossServices(IReadOnlyList<ServicePlan> plans, Rollout rollout)
    {
        var problems = EmptyRollout.Check(
            rollout, [.. plans.Select(p => p.CountAfter(rollout.App))]).ToList();
        foreach (var twice in plans.GroupBy(p => p.Name).Where(g => g.Count() > 1))
            problems.Add(new(
                AwsProblemCode.Refused,
                $"{string.Join(" and ", twice.Select(p => p.Spec.Service.Name))} name the same ECS service {twice.Key}.",
                "Give each of them an ECS service of its own as x-aws.service.", Unchanged: Problem.NothingChanged));
        return problems;
    }
}
