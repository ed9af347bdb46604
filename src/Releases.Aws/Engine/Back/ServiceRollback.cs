using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Rolls one service back, one step at each observation: it asks ECS to roll the deployment back while that is running, and otherwise
/// updates the service to the recorded task definition. A service counts as rolled back only once its own deployment verifies it.
/// </summary>
internal sealed class ServiceRollback(FencedChange change, UpdateOnce update, RolloutReader reader)
{
    public async Task<Observation> Step(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { } notes) return Untouched;
        if (notes is not { Forward: { } forward, Ours: { } ours }) return await NotUpdated(snapshot, notes, cancel);
        if (!forward.TookEffect)
        {
            if (await update.TookEffect(snapshot, notes.Service, ours, forward, cancel) is not { } took)
            {
                notes = await (notes with { Forward = null }).Save(service, cancel);
                return await NotUpdated(snapshot, notes, cancel);
            }

            notes = await (notes with { Forward = forward = took }).Save(service, cancel);
        }

        if (await snapshot.Service(notes.Service, cancel) is not { } seen) return Deleted(notes);
        var runs = seen.Primary?.TaskDefinition;
        if (runs is not null && runs != ours && !notes.Before.Contains(runs)) return await reader.Superseded(runs, cancel);
        if (notes.Back is { } back) return await AfterUpdate(snapshot, service, notes, back, seen, cancel);

        var (verdict, _, _) = await reader.Read(snapshot, notes, ours, forward, seen, cancel);
        switch (verdict.State)
        {
            // If a deployment can't be stopped, as with older endpoints, an update replaces it.
            case RolloutState.Running when snapshot.HasServiceDeployments && !notes.StopRefused
                && await update.Deployment(snapshot, notes.Service, ours, forward, cancel) is { } deployment:
                return Waiting(await Stop(snapshot, service, notes, deployment, cancel) ?? verdict.Reason);
            case RolloutState.Running when !notes.StopRefused && snapshot.HasServiceDeployments && !reader.IsPastLag(forward):
            case RolloutState.RollingBack:
                return Waiting(verdict.Reason);
            case RolloutState.RolledBack when runs == ours:
                return Waiting("ECS doesn't show the previous version in place yet");
            // ECS may have restored the deployment that was superseded.
            case RolloutState.RolledBack when !notes.IsPrevious(runs):
                await UpdateToPrevious(snapshot, service, notes, null, seen, cancel);
                return Waiting(verdict.Reason);
            case RolloutState.RolledBack or RolloutState.Stopped or RolloutState.RollbackFailed when IsPreviousInPlace(seen, notes):
                return await Restored(snapshot, service, notes, seen, cancel);
            case RolloutState.RolledBack:
                return Waiting($"the previous version is in place; {seen.Primary?.RunningCount ?? 0} of {notes.Desired} tasks are running");
            default:
                await UpdateToPrevious(snapshot, service, notes, null, seen, cancel);
                return Waiting(verdict.Reason);
        }
    }

    /// <summary>The result if nothing of the promotion took effect.</summary>
    private static Observation Untouched { get; } = new(ObservedState.Complete);

    private static Observation Deleted(ServiceJournal notes) => new(ObservedState.Superseded)
    { Reason = $"was deleted by somebody else: ECS reports twice that there is no service {notes.Service}" };

    private static Observation Done(EcsService seen) =>
        new(ObservedState.Complete) { Running = seen.RunningCount ?? 0, Healthy = seen.RunningCount ?? 0 };

    private static Observation Waiting(string? reason) => new(ObservedState.Starting) { Reason = reason };

    /// <summary>Determines whether the previous version is running with as many tasks as before, and none of ours is left.</summary>
    private static bool IsPreviousInPlace(EcsService seen, ServiceJournal notes)
    {
        var primary = seen.Primary;
        return primary is not null && notes.IsPrevious(primary.TaskDefinition)
            && primary.RunningCount >= Math.Min(Math.Min(notes.Desired, seen.DesiredCount ?? 0), notes.Ran ?? notes.Desired)
            && seen.Deployments.Where(d => d.TaskDefinition == notes.Ours).All(d => d.RunningCount is null or 0);
    }

    /// <summary>
    /// Asks ECS to roll the deployment back. This is harmless when repeated, so a lost response isn't investigated: the next step asks
    /// again if needed. Returns the failure, which may be why this service never rolls back, or null.
    /// </summary>
    private async Task<string?> Stop(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal notes, string deployment, CancellationToken cancel)
    {
        try
        {
            await change.Send(
                () => (notes with { StopAsked = true }).Save(service, cancel), "StopServiceDeployment",
                new() { ["serviceDeploymentArn"] = deployment, ["stopType"] = "ROLLBACK" }, cancel);
        }
        catch (AmazonServiceException over) when (over.ErrorCode is "ConflictException" or "ServiceDeploymentNotFoundException")
        {
            // The deployment has just ended by itself; the next read shows how.
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            await (notes with { StopAsked = true, StopRefused = true }).Save(service, cancel);
        }
        catch (UnknownOutcomeException unanswered)
        {
            return unanswered.Message.TrimEnd('.');
        }
        finally
        {
            snapshot.Invalidate();
        }

        return null;
    }

    private Task<ServiceUpdate> UpdateToPrevious(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal notes, ServiceUpdate? written, EcsService seen,
        CancellationToken cancel)
    {
        var configuration = DeploymentConfiguration.ForRollback(notes.Configuration, seen.Configuration);
        var settings = new JsonObject { ["deploymentConfiguration"] = configuration };
        if (CountToRestore(notes, seen) is { } count) settings["desiredCount"] = count;
        return update.Run(
            snapshot, notes.Service, notes.Previous, written, settings, u => (notes with { Back = u }).Save(service, cancel), cancel);
    }

    private async Task<Observation> AfterUpdate(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal notes, ServiceUpdate back, EcsService seen, CancellationToken cancel)
    {
        if (!back.TookEffect)
        {
            await UpdateToPrevious(snapshot, service, notes, back, seen, cancel);
            return Waiting(null);
        }

        var (verdict, _, _) = await reader.Read(snapshot, notes, notes.Previous, back, seen, cancel);
        return verdict.State switch
        {
            // A service that was scaled to 0 in the meantime doesn't need a task of the previous version either.
            RolloutState.Succeeded or RolloutState.Empty => await Restored(snapshot, service, notes, seen, cancel),
            _ => Waiting(verdict.Reason ?? "the previous version is not in place yet") with { Running = seen.RunningCount ?? 0 },
        };
    }

    /// <summary>A service that wasn't updated is unchanged, unless someone else has updated it.</summary>
    private async Task<Observation> NotUpdated(EcsSnapshot snapshot, ServiceJournal notes, CancellationToken cancel)
    {
        if (await snapshot.Service(notes.Service, cancel) is not { } seen) return Deleted(notes);
        return notes.MovesLast && seen.Primary?.TaskDefinition is { } runs && !notes.Before.Contains(runs)
            ? await reader.Superseded(runs, cancel) : Untouched;
    }

    /// <summary>Returns the previous count if the service still has the one that the rollout set, else null.</summary>
    private static int? CountToRestore(ServiceJournal notes, EcsService seen) =>
        notes.SetDesired is { } set && seen.DesiredCount == set ? notes.Desired : null;

    /// <summary>Neither the circuit breaker nor a stop restores the count and the configuration.</summary>
    private async Task<Observation> Restored(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal notes, EcsService seen, CancellationToken cancel)
    {
        if (notes.Restored) return Done(seen);
        var configuration = DeploymentConfiguration.Restored(notes.Configuration, seen.Configuration);
        var count = CountToRestore(notes, seen);
        if (count is null && JsonNode.DeepEquals(seen.Configuration, configuration))
        {
            await (notes with { Restored = true }).Save(service, cancel);
            return Done(seen);
        }

        var input = new JsonObject { ["service"] = notes.Service, ["deploymentConfiguration"] = configuration };
        if (count is { } given) input["desiredCount"] = given;
        try
        {
            await change.Send(() => notes.Save(service, cancel), "UpdateService", input, cancel);
        }
        catch (UnknownOutcomeException unanswered)
        {
            // It doesn't start a deployment, so it can be sent again.
            return Waiting(unanswered.Message.TrimEnd('.'));
        }
        finally
        {
            snapshot.Invalidate();
        }

        await (notes with { Restored = true }).Save(service, cancel);
        return Done(seen);
    }
}
