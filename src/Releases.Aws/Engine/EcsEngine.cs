namespace Releases.Aws;

/// <summary>
/// Implements the engine on Amazon ECS. Once a service is updated, ECS starts, checks and routes by itself; <see cref="Route"/> lets
/// waiting services continue. The status of a rollout is that of this promotion's own service deployment, because a stable service may be
/// stable on the previous version.
/// </summary>
internal sealed class EcsEngine(
    EcsSnapshots snapshots, FencedChange change, RolloutCheck checks, ReleaseTask releaseTask, VerifyTask verifyTask, ServiceStart start,
    RolloutObserver observer, TrafficOrder order, PausedDeployments paused, ServiceRollback rollback, PromotionCleanup cleanup,
    TimeProvider time) : IEngine
{
    /// <summary>Delays changes for a while, because a call of another driver may still be in flight.</summary>
    public void TakenOver() => change.TakenOver();

    public async Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel)
    {
        try
        {
            return await checks.Run(snapshots.For(rollout), rollout, cancel);
        }
        catch (ProblemException found)
        {
            return found.Problems;
        }
        catch (Exception failure) when (AwsProblems.From(failure, "AWS") is { } problem)
        {
            return [problem];
        }
    }

    public Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel) =>
        AwsProblems.Translate("AWS", () => releaseTask.Run(snapshots.For(service), service, cancel));

    /// <summary>ECS moves the traffic itself; the time of its steps and bakes is added to the time limit.</summary>
    public async Task<RolloutPlan> Plan(Rollout rollout, CancellationToken cancel)
    {
        var snapshot = snapshots.For(rollout);
        // A driver that took over after the check hasn't read it yet.
        var time = snapshot.ShiftTime ??= await ReadShiftTime(rollout, cancel);
        return RolloutPlan.ShiftedByRack(time);
    }

    /// <summary>What AWS refuses permanently, it refuses again when a service starts, which fails the rollout with the reason.</summary>
    private async Task<TimeSpan> ReadShiftTime(Rollout rollout, CancellationToken cancel)
    {
        try
        {
            return await AwsProblems.Translate("AWS", () => checks.ShiftTime(rollout, cancel));
        }
        catch (ProblemException refused) when (!refused.MayPass)
        {
            return TimeSpan.Zero;
        }
    }

    public Task<CommandEnd> Verify(ServiceRollout service, IServiceJournal command, CancellationToken cancel) =>
        AwsProblems.Translate("AWS", () => verifyTask.Run(snapshots.For(service), service, command, cancel));

    public Task Start(ServiceRollout service, CancellationToken cancel) => Translate(
        () => start.Run(snapshots.For(service), service, cancel));

    /// <summary>Lets waiting services continue; ECS takes the steps.</summary>
    public async Task<bool> Route(IReadOnlyList<ServiceRollout> rollout, RolloutStep step, CancellationToken cancel)
    {
        if (step.Percent > 0) await Translate(() => order.Move(rollout, cancel));
        return true;
    }

    /// <summary>Returns no counts, because CloudWatch alarms judge the new tasks here.</summary>
    public IReadOnlyDictionary<ServiceName, TrafficSample> Sample(IReadOnlyList<ServiceRollout> rollout) =>
        new Dictionary<ServiceName, TrafficSample>();

    public async Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(
        IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel)
    {
        var observed = await order.Follow(rollout, await Each(rollout, Observe, cancel), cancel);
        if (observed.Count == 0 || observed.Values.Any(o => o.State != ObservedState.Complete)) return observed;
        // A success is reported only after a second read of all services.
        snapshots.For(rollout[0]).Invalidate();
        return await Each(rollout, Observe, cancel);
    }

    public Task Undo(ServiceRollout service, CancellationToken cancel) => Translate(async () =>
    {
        var snapshot = snapshots.For(service);
        snapshot.Invalidate();
        await rollback.Step(snapshot, service, cancel);
    });

    public Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(
        IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        Each(rollout, rollback.Step, cancel);

    public bool Concludes => true;

    public Task Conclude(IReadOnlyList<ServiceRollout> rollout, Promotion outcome, bool isLast, CancellationToken cancel) =>
        Translate(() => cleanup.Run(rollout, outcome, isLast, cancel));

    public Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel)
    {
        snapshots.Remove(rollout);
        return Task.CompletedTask;
    }

    public Task CleanUp(AppName app, CancellationToken cancel) => Task.CompletedTask;

    public async Task WaitForChange(AppName app, CancellationToken cancel)
    {
        await Task.Delay(snapshots.UntilNextRead(app), time, cancel);
        snapshots.Invalidate(app);
    }

    private async Task<Observation> Observe(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel) =>
        await paused.Follow(snapshot, service, await observer.Observe(snapshot, service, cancel), cancel);

    private async Task<IReadOnlyDictionary<ServiceName, Observation>> Each(
        IReadOnlyList<ServiceRollout> rollout, Func<EcsSnapshot, ServiceRollout, CancellationToken, Task<Observation>> observe,
        CancellationToken cancel)
    {
        var observed = new Dictionary<ServiceName, Observation>();
        foreach (var service in rollout) observed[service.Name] = await OrUnknown(() => observe(snapshots.For(service), service, cancel));
        return observed;
    }

    private static Task<bool> Translate(Func<Task> call) => AwsProblems.Translate("AWS", async () =>
    {
        await call();
        return true;
    });

    /// <summary>A failed read says nothing about the rollout, which continues within its time limit.</summary>
    private static async Task<Observation> OrUnknown(Func<Task<Observation>> observe)
    {
        try
        {
            return await observe();
        }
        catch (ProblemException problem) when (!problem.Is(ProblemCode.Fenced))
        {
            return new(ObservedState.Unknown) { Reason = problem.Problems[0].Message.TrimEnd('.') };
        }
        catch (Exception failure) when (AwsProblems.From(failure, "AWS") is { } problem)
        {
            return new(ObservedState.Unknown) { Reason = problem.Message.TrimEnd('.') };
        }
    }
}
