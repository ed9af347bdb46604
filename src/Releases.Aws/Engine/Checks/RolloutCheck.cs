namespace Releases.Aws;

/// <summary>Checks a whole rollout before anything is changed, and each service again before its first change.</summary>
internal sealed class RolloutCheck(EcsClient ecs, ServicePlanReader plans, VerifyTarget target)
{
    private readonly RollbackPermissions _permissions = new(ecs);
    private readonly FamilyOwner _families = new(ecs);

    public ServicePlanReader Plans => plans;

    public string Cluster => ecs.Cluster;

    /// <summary>Returns everything that prevents the rollout.</summary>
    public async Task<IReadOnlyList<Problem>> Run(EcsSnapshot snapshot, Rollout rollout, CancellationToken cancel)
    {
        var read = await plans.Read(rollout.App.Name, rollout.Services, cancel, rollout.Terms.Supersede);
        snapshot.ShiftTime = ShiftTime(read, rollout);
        if (rollout.TakesSteps)
            foreach (var plan in read)
                if (plan is { Service: { } service, Spec.Service: { Verify: not null, Port: not null } } && !plan.IsEmpty(rollout.App))
                    await target.Try(service, cancel);
        return
        [
            .. read.SelectMany(p => RolloutChecks.ForService(p, rollout, ecs.Cluster)), .. RolloutChecks.AcrossServices(read, rollout),
            .. await _families.Check(read, rollout.App.Name, cancel), .. await _permissions.Check(read, cancel),
        ];
    }

    /// <summary>Returns how long ECS takes for the steps and bakes of the slowest service.</summary>
    public async Task<TimeSpan> ShiftTime(Rollout rollout, CancellationToken cancel) =>
        ShiftTime(await plans.Read(rollout.App.Name, rollout.Services, cancel, rollout.Terms.Supersede), rollout);

    private static TimeSpan ShiftTime(IReadOnlyList<ServicePlan> read, Rollout rollout) =>
        read.Select(p => p.Shifts(rollout.App)).DefaultIfEmpty().Max();

    /// <summary>Returns the plan of one service. Fails with everything that prevents its rollout.</summary>
    public async Task<ServicePlan> Require(ServiceRollout service, CancellationToken cancel)
    {
        var plan = await Plan(service, cancel);
        return RolloutChecks.ForService(
            plan, service.Rollout, ecs.Cluster) is { Count: > 0 } problems ? throw new ProblemException(problems) : plan;
    }

    /// <summary>Returns the plan of one service, unchecked.</summary>
    public async Task<ServicePlan> Plan(ServiceRollout service, CancellationToken cancel) =>
        (await plans.Read(service.Rollout.App.Name, [service.Spec], cancel, service.Rollout.Terms.Supersede))[0];
}
