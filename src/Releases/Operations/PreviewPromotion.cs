namespace Releases;

/// <summary>Represents what a promotion would do, according to the records and the running services.</summary>
/// <param name="Active">The release that would be replaced, or null if none is active.</param>
/// <param name="Release">The release that would be promoted.</param>
/// <param name="Services">How each service would be rolled out.</param>
/// <param name="Timeout">The time limit.</param>
/// <param name="Problems">The problems that would prevent it; empty if it would start.</param>
public sealed record PromotionPreview(
    Release? Active, Release Release, IReadOnlyList<PlannedService> Services, TimeSpan Timeout, IReadOnlyList<Problem> Problems)
{
    /// <summary>How the traffic would move.</summary>
    public RolloutPlan Plan { get; init; } = RolloutPlan.AllAtOnce;

    /// <summary>How long it would wait for an approval, or null if it wouldn't.</summary>
    public TimeSpan? HoldFor { get; init; }

    /// <summary>How long it may take in total: the time limit with steps, bake and hold.</summary>
    public TimeSpan Limit => Timeout + Plan.Lasts + (HoldFor ?? TimeSpan.Zero);

    /// <summary>The services whose new processes would be verified before they get traffic.</summary>
    public IReadOnlyList<ServiceName> Verified { get; init; } = [];
}

/// <summary>Represents how a service would be rolled out.</summary>
/// <param name="Service">The service.</param>
/// <param name="Rollout">Its counts.</param>
public sealed record PlannedService(ServiceName Service, PlannedRollout Rollout);

/// <summary>Determines what a promotion would do. Writes nothing and changes nothing.</summary>
public sealed class PreviewPromotion(OperationContext context)
{
    /// <summary>
    /// Previews a promotion. Fails with <see cref="ProblemCode.AppLocked"/>; anything else that would prevent the promotion is among the
    /// preview's problems.
    /// </summary>
    public async Task<PromotionPreview> Run(PromoteRelease request, CancellationToken cancel)
    {
        var (app, options) = (request.App, request.Options);
        var release = await context.Store.RequireReleaseOrLatest(app, request.Release, cancel);
        app.RequireUnlocked();
        var active = app.Active is { } id ? await context.Store.RequireRelease(app.Name, id, cancel) : null;
        var plan = await new ReleasePlanReader(context.Store, context.Rack.Vault, context.Rack.Name).Read(app, release, cancel);
        var problems = await ReleaseObstacles.Find(plan, context.Rack.Artifacts, cancel);
        var isNew = await context.Store.IsNew(app, release, cancel);
        var stated = new Rollout(app, release, PromotionId.New(), plan.Services) { Terms = options, TakesSteps = isNew };
        var racks = await Plan(stated, cancel);
        var planned = plan.Services.Select(s => new PlannedService(s.Service.Name, racks.Services.GetValueOrDefault(s.Service.Name)
            ?? new(s.Count, s.Service.Deployment.Minimum, s.Service.Deployment.Maximum))).ToList();
        // A rack may run another count than the release states.
        var services = plan.Services.Zip(planned, (s, p) => s with { Count = p.Rollout.Count }).ToList();
        var rollout = stated with { Services = services };
        problems.AddRange(EmptyRollout.Check(rollout, [.. services.Select(s => (int?)s.Count)]));
        problems.AddRange(context.Rack.CheckRollout(rollout));
        var status = await AppStatus.Read(app, context.Store, cancel);
        if (status.Lock is { } held && options.WaitLock is null)
        {
            if (!status.IsAbandoned(context.Now) || await context.IsDaemonsOwn(held, cancel))
                problems.Add(await context.Store.Busy(held, context.Now, cancel));
            else
                context.Say($"note: the {await context.Store.LostDriver(held, context.Now, cancel)}; it is finished first.");
        }

        var expected = await new PromotionPreconditions(context).Expected(app, options, cancel);
        if (expected is { } other && other != app.Active)
            problems.Add(await context.Store.IsNotActive(app, other, cancel));
        return new(active, release, planned, options.Timeout ?? plan.Timeout, problems)
        {
            Plan = racks.Traffic.For(rollout, replaces: active is not null),
            HoldFor = options.HoldFor,
            Verified = isNew
                ? [.. services.Where(s => s is { Count: > 0, Service.Verify: not null }).Select(s => s.Service.Name)]
                : [],
        };
    }

    private async Task<RackPlan> Plan(Rollout rollout, CancellationToken cancel)
    {
        try
        {
            return await context.Rack.Plan(rollout, cancel);
        }
        catch (ProblemException unseen)
        {
            context.Say(
                "note: the running services can't be read, so counts and limits are those of the release alone: "
                    + $"{unseen.Problems[0].Message}");
            return new(new Dictionary<ServiceName, PlannedRollout>(), RolloutPlan.AllAtOnce);
        }
    }
}
