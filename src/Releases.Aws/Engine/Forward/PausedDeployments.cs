using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Lets deployments continue that are waiting at our <see cref="PauseHook"/>, and puts the service's own settings back afterwards. Both are
/// harmless when repeated, so a lost response isn't investigated: the next observation shows whether anything is left to do.
/// </summary>
internal sealed class PausedDeployments(FencedChange change, UpdateOnce update)
{
    /// <summary>
    /// Lets production traffic move. The request is recorded first, so that a successor or the next observation repeats it.
    /// </summary>
    /// <returns>Why it may not have continued yet, or null if there is no known reason.</returns>
    public async Task<string?> Continue(EcsSnapshot snapshot, ServiceRollout service, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { PauseStage: not null } journal) return null;
        if (!journal.ContinueAsked) journal = await (journal with { ContinueAsked = true }).Save(service, cancel);
        return await Ask(snapshot, service, journal, cancel);
    }

    /// <summary>Returns the observation, after doing what it requires.</summary>
    public async Task<Observation> Follow(EcsSnapshot snapshot, ServiceRollout service, Observation seen, CancellationToken cancel)
    {
        if (ServiceJournal.From(service) is not { } journal) return seen;
        if (seen.State == ObservedState.Complete && journal is { GoesStraight: true, StepsRestored: false })
            return await PutBack(
                snapshot, service, journal with { StepsRestored = true }, ShiftSettings.IsWithoutSteps,
                _ => WithSteps(journal, service.Spec.Service), seen, cancel);
        if (journal.PauseStage is null) return seen;
        if (seen.State == ObservedState.Healthy && journal.ContinueAsked)
            return await Ask(snapshot, service, journal, cancel) is { } trouble ? seen with { Reason = trouble } : seen;
        return seen.State == ObservedState.Complete && !journal.PauseRemoved
            ? await PutBack(
                snapshot, service, journal with { PauseRemoved = true }, PauseHook.IsIn, now => Removing(journal.Service, now), seen,
                cancel)
            : seen;
    }

    private async Task<string?> Ask(EcsSnapshot snapshot, ServiceRollout service, ServiceJournal journal, CancellationToken cancel)
    {
        var arn = await update.Deployment(snapshot, journal.Service, journal.Ours!, journal.Forward!, cancel);
        if (arn is null || await snapshot.Deployment(arn, cancel) is not { } deployment
            || deployment.PausedAt(journal.PauseStage!.Value) is not { } hook) return null;
        try
        {
            await change.Send(
                () => journal.Save(service, cancel), "ContinueServiceDeployment",
                new() { ["serviceDeploymentArn"] = arn, ["hookId"] = hook, ["action"] = "CONTINUE" }, cancel);
            return null;
        }
        catch (ProblemException throttled) when (throttled.IsTransient)
        {
            return throttled.Problems[0].Message.TrimEnd('.');
        }
        catch (AmazonServiceException over) when (over.ErrorCode is "InvalidParameterException" or "ServiceDeploymentNotFoundException")
        {
            // It is no longer waiting; the next observation shows why.
            return null;
        }
        catch (UnknownOutcomeException unanswered)
        {
            // The next observation shows whether it is still waiting.
            return unanswered.Message.TrimEnd('.');
        }
        finally
        {
            snapshot.Invalidate();
        }
    }

    /// <summary>
    /// Puts the service's own settings back. It is complete only once someone else's next deployment would be as if we had never changed
    /// them.
    /// </summary>
    /// <param name="snapshot">What was read.</param>
    /// <param name="service">The service.</param>
    /// <param name="after">Its journal once they are back.</param>
    /// <param name="isOurs">Determines whether a configuration still has our change.</param>
    /// <param name="request">Returns the request, which doesn't start a deployment.</param>
    /// <param name="seen">The observation.</param>
    /// <param name="cancel">Cancels it.</param>
    private async Task<Observation> PutBack(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal after, Func<JsonObject?, bool> isOurs,
        Func<EcsService, JsonObject> request, Observation seen, CancellationToken cancel)
    {
        var before = ServiceJournal.From(service)!;
        if (await snapshot.Service(before.Service, cancel) is { } now && isOurs(now.Configuration))
        {
            try
            {
                await change.Send(() => before.Save(service, cancel), "UpdateService", request(now), cancel);
            }
            catch (UnknownOutcomeException unanswered)
            {
                return seen with { State = ObservedState.Draining, Reason = unanswered.Message.TrimEnd('.') };
            }
            finally
            {
                snapshot.Invalidate();
            }
        }

        await after.Save(service, cancel);
        return seen;
    }

    /// <summary>Returns the request that gives a service without tasks the steps and the bake that it has otherwise.</summary>
    public static JsonObject WithSteps(ServiceJournal journal, Service service) => new()
    {
        ["service"] = journal.Service,
        ["deploymentConfiguration"] = DeploymentConfiguration.ForRollout(journal.Configuration, service),
    };

    /// <summary>Returns the request that removes the hook; it doesn't start a deployment.</summary>
    public static JsonObject Removing(string name, EcsService service) =>
        new() { ["service"] = name, ["deploymentConfiguration"] = DeploymentConfiguration.WithoutPause(service.Configuration) };
}
