using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// The engine on Amazon ECS. ECS starts, checks and routes by itself once a service is updated, so <see cref="Route"/> has nothing to
/// do; what it tells of a rollout is taken from this promotion's own service deployment, as a service that is stable may be so on the
/// version before.
/// </summary>
internal sealed class EcsEngine(EcsParts parts, TimeProvider time) : IEngine
{
    private readonly ConcurrentDictionary<AppName, EcsSnapshot> _snapshots = new();

    /// <summary>Another driver's call may still be under way, so nothing is changed for a while.</summary>
    public void TakenOver() => parts.Change.TakenOver();

    public async Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel)
    {
        try
        {
            var plans = await parts.Plans.Read(rollout.App.Name, rollout.Services, cancel);
            return [.. plans.SelectMany(p => RolloutChecks.OfService(p, rollout, parts.Ecs.Cluster)), .. RolloutChecks.AcrossServices(plans, rollout), .. await parts.RollbackPermissions.Check(plans, cancel)];
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

    public Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel) => AwsProblems.Translate("AWS", async () =>
    {
        var snapshot = SnapshotOf(service);
        var plan = (await parts.Plans.Read(service.Rollout.App.Name, [service.Spec], cancel))[0];
        if (RolloutChecks.OfService(plan, service.Rollout, parts.Ecs.Cluster) is { Count: > 0 } problems) throw new ProblemException(problems);
        return await parts.Release.Run(service, plan, await SecretsOf(snapshot, service, cancel), cancel);
    });

    public Task Start(ServiceRollout service, CancellationToken cancel) => Translate(async () =>
    {
        var snapshot = SnapshotOf(service);
        var notes = ServiceJournal.From(service) ?? await Prepare(snapshot, service, cancel);
        if (notes.Ours is null)
        {
            var definition = await DefinitionOf(snapshot, service, cancel);
            var ours = await parts.Register.Ours(
                service.Name, definition, notes.RegisterAsked, () => (notes with { RegisterAsked = true }).Save(service, cancel), cancel);
            notes = await (notes with { RegisterAsked = true, Ours = ours }).Save(service, cancel);
        }

        snapshot.Expect(notes.Service, notes.Forward?.Deployment);
        if (notes.Forward is { TookEffect: true }) return;
        var settings = new JsonObject { ["deploymentConfiguration"] = DeploymentConfiguration.ForRollout(notes.Configuration, service.Spec.Service) };
        if (notes.SetDesired is { } desired) settings["desiredCount"] = desired;
        var update = await parts.Update.Run(
            snapshot, notes.Service, notes.Ours!, notes.Forward, settings, u => (notes with { Forward = u }).Save(service, cancel), cancel);
        snapshot.Expect(notes.Service, update.Deployment);
    });

    public Task Route(IReadOnlyList<ServiceRollout> rollout, int percent, CancellationToken cancel) => Task.CompletedTask;

    public async Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel)
    {
        var seen = await Each(rollout, Look, cancel);
        if (seen.Count == 0 || seen.Values.Any(o => o.State != ObservedState.Complete)) return seen;
        // A success is only reported after a second read of all services.
        SnapshotOf(rollout[0]).Forget();
        return await Each(rollout, Look, cancel);
    }

    public Task Undo(ServiceRollout service, CancellationToken cancel) => Translate(async () =>
    {
        var snapshot = SnapshotOf(service);
        snapshot.Forget();
        await parts.Back.Step(snapshot, service, cancel);
    });

    public Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        Each(rollout, parts.Back.Step, cancel);

    public Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel) => Translate(async () =>
    {
        await parts.Settle.Run(rollout, outcome, cancel);
        _snapshots.TryRemove(rollout.App.Name, out _);
    });

    public async Task WaitForChange(AppName app, CancellationToken cancel)
    {
        await Task.Delay(EcsPace.BetweenReads, time, cancel);
        if (_snapshots.TryGetValue(app, out var snapshot)) snapshot.Forget();
    }

    /// <summary>Notes what is there before anything is touched; looks once more whether it may be.</summary>
    private async Task<ServiceJournal> Prepare(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var plan = (await parts.Plans.Read(service.Rollout.App.Name, [service.Spec], cancel))[0];
        if (RolloutChecks.OfService(plan, service.Rollout, parts.Ecs.Cluster) is { Count: > 0 } problems) throw new ProblemException(problems);
        snapshot.Plans[service.Name] = plan;
        var app = service.Rollout.App;
        await parts.Bases.Record(app.Name, service.Name, plan.On!, cancel);
        var ran = plan.Service.Text("taskDefinition")!;
        var notes = new ServiceJournal
        {
            Service = plan.Name,
            Previous = ran,
            Configuration = plan.Service!["deploymentConfiguration"] as JsonObject,
            Desired = plan.Service.Number("desiredCount") ?? 0,
            Ran = RolloutFacts.PrimaryOf(plan.Service).Number("runningCount"),
            SetDesired = await parts.Counts.ToRaise(plan, app, cancel),
        };
        if (plan.Current!.Definition.Text("status") == "ACTIVE") return await notes.Save(service, cancel);
        var family = TaskFamily.Of(parts.Ecs.Cluster, app.Name, service.Name);
        var copy = await parts.Register.Copy(service.Name, plan.Current, family, () => notes.Save(service, cancel), cancel);
        return await (notes with { Previous = copy, PreviousRan = ran }).Save(service, cancel);
    }

    private async Task<JsonObject> DefinitionOf(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        var secrets = await SecretsOf(snapshot, service, cancel);
        var plan = snapshot.Plans.GetValueOrDefault(service.Name) ?? (await parts.Plans.Read(service.Rollout.App.Name, [service.Spec], cancel))[0];
        return plan.TaskDefinition(service.Rollout, parts.Ecs.Cluster, secrets);
    }

    private async Task<IReadOnlyDictionary<string, string>> SecretsOf(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel) =>
        snapshot.Secrets ??= await parts.Secrets.Publish(service.Rollout.App, service.Rollout.Release, cancel);

    private async Task<Observation> Look(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { Forward: { } forward, Ours: { } ours } notes) return new(ObservedState.Starting) { Reason = "it was not asked of ECS yet" };
        if (await snapshot.Service(notes.Service, cancel) is not { } seen) return new(ObservedState.Failed) { Reason = $"is not there any more: ECS says twice that it has no service {notes.Service}" };
        var (verdict, live) = await parts.Look.Read(snapshot, notes, ours, forward, seen, cancel);
        var counts = RolloutCounts.From(seen, ours);
        if (live is not null) counts = counts with { Healthy = Math.Min(live.Healthy, counts.Running) };
        switch (verdict.State)
        {
            case RolloutState.Succeeded or RolloutState.Empty:
                var arn = forward.Deployment ?? snapshot.Found.GetValueOrDefault(notes.Service + ours);
                var done = arn is null ? null : (await snapshot.Deployment(arn, cancel)).Time("finishedAt");
                return counts with
                {
                    State = ObservedState.Complete,
                    Healthy = live?.Healthy ?? counts.Running,
                    Reason = verdict.Reason,
                    // Early success is told before all of them are in place.
                    CompletedAt = done < live?.InPlaceAt ? live.InPlaceAt : done,
                };
            case RolloutState.Unfinished:
                return counts with { State = live is null ? counts.State : ObservedState.Starting, Reason = verdict.Reason };
            case RolloutState.Running:
                return counts with { Reason = counts.Reason ?? verdict.Reason ?? (counts.Running > 0 ? "its new tasks run and are not healthy yet" : "no new task runs yet") };
            case RolloutState.Superseded:
                return await parts.Look.Superseded(RolloutFacts.PrimaryOf(seen).Text("taskDefinition")!, cancel);
            default:
                return counts with { State = ObservedState.Failed, Reason = await Why(snapshot, service, notes, verdict, cancel), LastLines = snapshot.Failures[service.Name].LastLines };
        }
    }

    private async Task<string> Why(EcsSnapshot snapshot, ServiceRollout service, ServiceJournal notes, RolloutVerdict verdict, CancellationToken cancel)
    {
        if (!snapshot.Failures.TryGetValue(service.Name, out var failure))
            snapshot.Failures[service.Name] = failure = await parts.Failed.Newest(notes.Service, notes.Ours!, cancel);
        List<string> said = [failure.Reason ?? "was taken back by ECS"];
        if (verdict.Reason is { } reason) said.Add(reason);
        return string.Join("; ", said);
    }

    private EcsSnapshot SnapshotOf(ServiceRollout service)
    {
        var (app, promotion) = (service.Rollout.App.Name, service.Rollout.Promotion);
        return _snapshots.AddOrUpdate(
            app, _ => new(parts.Ecs, promotion), (_, known) => known.Promotion == promotion ? known : new(parts.Ecs, promotion));
    }

    private async Task<IReadOnlyDictionary<ServiceName, Observation>> Each(
        IReadOnlyList<ServiceRollout> rollout, Func<EcsSnapshot, ServiceRollout, CancellationToken, Task<Observation>> look, CancellationToken cancel)
    {
        var seen = new Dictionary<ServiceName, Observation>();
        foreach (var service in rollout) seen[service.Name] = await Seen(() => look(SnapshotOf(service), service, cancel));
        return seen;
    }

    private static Task<bool> Translate(Func<Task> call) => AwsProblems.Translate("AWS", async () =>
    {
        await call();
        return true;
    });

    /// <summary>A look that cannot be taken tells nothing of the rollout: it goes on, and its limit holds.</summary>
    private static async Task<Observation> Seen(Func<Task<Observation>> look)
    {
        try
        {
            return await look();
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

/// <summary>How often ECS is looked at.</summary>
internal static class EcsPace
{
    /// <summary>DescribeServices and DescribeServiceDeployments take 20 a second; 30 services are 5 calls at each look.</summary>
    public static TimeSpan BetweenReads { get; } = TimeSpan.FromSeconds(2);
}
