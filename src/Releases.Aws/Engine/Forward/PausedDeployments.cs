using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Lets deployments continue that are waiting at our <see cref="PauseHook"/>, and removes the hook afterwards. Both are harmless when
/// repeated, so a lost response isn't investigated: the next observation shows whether anything is left to do.
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
        if (ServiceJournal.From(service) is not { PauseStage: not null } journal) return seen;
        if (seen.State == ObservedState.Healthy && journal.ContinueAsked)
            return await Ask(snapshot, service, journal, cancel) is { } trouble ? seen with { Reason = trouble } : seen;
        return seen.State == ObservedState.Complete && !journal.PauseRemoved
            ? await Remove(snapshot, service, journal, seen, cancel)
            : seen;
    }

    private async Task<string?> Ask(EcsSnapshot snapshot, ServiceRollout service, ServiceJournal journal, CancellationToken cancel)
    {
        var arn = journal.Forward!.Deployment ?? await update.Find(snapshot, journal.Service, journal.Ours!, journal.Forward, cancel);
        if (arn is null || await snapshot.Deployment(arn, cancel) is not { } deployment
            || deployment.PausedAt(journal.PauseStage!) is not { } hook) return null;
        try
        {
            await change.Send(
                () => journal.Save(service, cancel), "ContinueServiceDeployment",
                new() { ["serviceDeploymentArn"] = arn, ["hookId"] = hook, ["action"] = "CONTINUE" }, cancel);
            return null;
        }
        catch (ProblemException throttled) when (throttled.IsTransient())
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

    /// <summary>The service is complete only once someone else's next deployment wouldn't wait for us.</summary>
    private async Task<Observation> Remove(
        EcsSnapshot snapshot, ServiceRollout service, ServiceJournal journal, Observation seen, CancellationToken cancel)
    {
        if (await snapshot.Service(journal.Service, cancel) is { } now && PauseHook.IsIn(now.Configuration))
        {
            try
            {
                await change.Send(() => journal.Save(service, cancel), "UpdateService", Removing(journal.Service, now), cancel);
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

        await (journal with { PauseRemoved = true }).Save(service, cancel);
        return seen;
    }

    /// <summary>Returns the request that removes the hook; it doesn't start a deployment.</summary>
    public static JsonObject Removing(string name, EcsService service) =>
        new() { ["service"] = name, ["deploymentConfiguration"] = PauseHook.Without(service.Configuration)!.DeepClone() };
}
