namespace Releases.Aws;

/// <summary>Records what a rollback needs before a service is changed.</summary>
internal sealed class ServicePreparation(
    EcsClient ecs, RolloutCheck checks, BaseTaskDefinitions bases, DesiredCounts counts, RegisterOnce register)
{
    /// <summary>Writes and returns the journal of the service. Fails with whatever now prevents the rollout.</summary>
    public async Task<ServiceJournal> Run(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var (app, plan) = (service.Rollout.App, await checks.Require(service, cancel));
        snapshot.Plans[service.Name] = plan;
        await bases.Record(app.Name, service.Name, plan.Name, plan.Base!, cancel);
        // The last completed task definition if someone else is deploying the service, else the current one.
        var previous = plan.Current!.Arn;
        var isEmpty = plan.IsEmpty(app);
        var movesLast = !isEmpty && await MovesLast(snapshot, service, plan, cancel);
        var pauseStage = !isEmpty && Pauses(service.Rollout, plan) ? PauseHook.FreeStage(plan.Service!) : null;
        var journal = new ServiceJournal
        {
            Service = plan.Name,
            Previous = previous,
            InFlight = plan.InFlight == previous ? null : plan.InFlight,
            // A hook left by a promotion whose driver and cleanup died isn't the service's own.
            Configuration = PauseHook.Without(plan.Service!.Configuration),
            PauseStage = pauseStage,
            ContinuesFirst = movesLast ? Shifts(plan.Service, plan.Spec)
                : pauseStage is { } stage && PauseHook.IsFollowedByOthers(plan.Service, stage),
            MovesLast = movesLast,
            GoesStraight = isEmpty && Shifts(plan.Service, plan.Spec),
            Desired = plan.Service.DesiredCount ?? 0,
            Ran = plan.Service.Deployments.FirstOrDefault(d => d.TaskDefinition == previous)?.RunningCount,
            SetDesired = await counts.ToRaise(plan, app, cancel),
        };
        if (plan.Current.IsActive) return await journal.Save(service, cancel);
        // ECS can't start anything from an inactive task definition, so the rollback uses a copy.
        var family = TaskFamily.ForService(ecs.Cluster, app.Name, service.Name);
        var copy = await register.Copy(service.Name, plan.Current, family, () => journal.Save(service, cancel), cancel);
        return await (journal with { Previous = copy, PreviousRan = previous }).Save(service, cancel);
    }

    /// <summary>Determines whether its production traffic waits: for an approval, a <c>verify</c> command, or another service.</summary>
    private static bool Pauses(Rollout rollout, ServicePlan plan) =>
        Shifts(plan.Service!, plan.Spec) && Waits(rollout);

    /// <summary>Determines whether the production traffic of a service that shifts it waits.</summary>
    public static bool Waits(Rollout rollout) => rollout.Terms.Holds || rollout.Verifies || rollout.Services.Count > 1;

    /// <summary>
    /// Determines whether it is updated only once the others are ready. Its new tasks get traffic immediately, while those of another
    /// service, or those that a <c>verify</c> command has to test first, don't. This also applies to a service that shifts traffic but has
    /// no free stage at which it could wait.
    /// </summary>
    private async Task<bool> MovesLast(EcsSnapshot snapshot, ServiceRollout service, ServicePlan plan, CancellationToken cancel)
    {
        if (Shifts(plan.Service!, plan.Spec)) return service.Rollout.Services.Count > 1 && PauseHook.FreeStage(plan.Service!) is null;
        return service.Rollout.Verifies || (snapshot.Shifts ??= await AnyShifts(service.Rollout, cancel));
    }

    private async Task<bool> AnyShifts(Rollout rollout, CancellationToken cancel)
    {
        var services = rollout.Services.ToDictionary(s => AwsSettings.From(s.Service).NameOf(rollout.App.Name, s.Service.Name));
        var seen = await ecs.Services(services.Keys, cancel);
        foreach (var (name, spec) in services)
            if (seen.TryGetValue(name, out var now)
                && await bases.WithOwn(rollout.App.Name, spec.Service.Name, now, cancel) is var service && Shifts(service, spec)
                && await bases.RetiredCount(rollout.App.Name, spec.Service.Name, service, cancel) is var retired
                && !ServicePlan.IsEmptyIn(rollout.App, spec.Service, service, retired))
                return true;
        return false;
    }

    private static bool Shifts(EcsService service, ServiceSpec spec) =>
        !ShiftSettings.IsRolling(ShiftSettings.StrategyOf(service.Configuration, spec.Service));
}
