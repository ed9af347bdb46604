using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Updates a service to a task definition. ECS can't distinguish a repeated request from a second one. So after a lost response, it is
/// determined whether the request took effect, even if ECS has rolled back since, and only a request without effect is sent again.
/// </summary>
internal sealed class UpdateOnce(EcsClient ecs, FencedChange change, TimeProvider time)
{
    private const int MaxAttempts = 5;
    private const int MaxReads = 3;

    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>Returns the update once it is known to have taken effect.</summary>
    /// <param name="snapshot">The snapshot of the promotion.</param>
    /// <param name="service">The name of the ECS service.</param>
    /// <param name="target">The ARN of the task definition.</param>
    /// <param name="written">The update in the journal, if its effect is unknown, or null if none was sent.</param>
    /// <param name="settings">The other members of the request.</param>
    /// <param name="write">Writes the update to the journal.</param>
    /// <param name="cancel">Cancels the wait.</param>
    public async Task<ServiceUpdate> Run(
        EcsSnapshot snapshot, string service, string target, ServiceUpdate? written, JsonObject settings, Func<ServiceUpdate, Task> write,
        CancellationToken cancel)
    {
        var update = written ?? await New(snapshot, service, cancel);
        var lost = written is not null;
        for (var attempt = 1; ; attempt++)
        {
            if (lost && await TookEffect(snapshot, service, target, update, cancel) is { } done)
            {
                await write(done);
                return done;
            }

            try
            {
                var input = (JsonObject)settings.DeepClone();
                (input["service"], input["taskDefinition"]) = (service, target);
                var answer = await change.Send(() => write(update), "UpdateService", input, cancel);
                if (answer["service"] is not JsonObject)
                    throw new UnknownOutcomeException("UpdateService", new UnreadableResponseException("the response has no service"));
                var told = answer["service"].Text("currentServiceDeployment");
                update = update with
                {
                    TookEffect = true,
                    AcceptedAt = time.GetUtcNow(),
                    Deployment = told is not null && update.Known.Contains(told) ? null : told,
                };
                await write(update);
                return update;
            }
            catch (UnknownOutcomeException unanswered) when (attempt == MaxAttempts)
            {
                throw Problem.Unavailable(
                    ProblemCode.Unreachable, $"the ECS service {service} couldn't be updated: {unanswered.Message}",
                    "Check the network, then promote again.").ToException(unanswered);
            }
            catch (UnknownOutcomeException)
            {
                lost = true;
            }
            finally
            {
                snapshot.Invalidate();
            }
        }
    }

    /// <summary>Returns the update if it took effect, or null if three reads show that it didn't.</summary>
    public async Task<ServiceUpdate?> TookEffect(
        EcsSnapshot snapshot, string service, string target, ServiceUpdate update, CancellationToken cancel)
    {
        for (var look = 1; ; look++)
        {
            if (await Find(snapshot, service, target, update, cancel) is { } deployment)
                return update with { TookEffect = true, AcceptedAt = time.GetUtcNow(), Deployment = deployment };
            snapshot.Invalidate();
            var seen = await snapshot.Service(service, cancel);
            if (seen is not null && seen.Primary?.TaskDefinition == target)
                return update with { TookEffect = true, AcceptedAt = time.GetUtcNow() };
            if (look == MaxReads) return null;
            await Task.Delay(BetweenReads, time, cancel);
        }
    }

    /// <summary>
    /// Returns the service deployment that an update has started, or null if ECS doesn't show it. Every decision about a deployment is made
    /// on this one: the answer of UpdateService may name an earlier one, since its <c>currentServiceDeployment</c> lags.
    /// </summary>
    public async Task<string?> Deployment(
        EcsSnapshot snapshot, string service, string target, ServiceUpdate update, CancellationToken cancel)
    {
        if (update.Deployment is not { } told) return await Find(snapshot, service, target, update, cancel);
        // One that isn't shown is too new, or so old that ECS has deleted it.
        if (await snapshot.Deployment(told, cancel) is not { } shown)
            return await Find(snapshot, service, target, update, cancel) ?? told;
        var isAnother = shown.CreatedAt < update.AskedAt - ClockTolerance
            || (await snapshot.TargetOf(shown, cancel) is { } aim && aim != target);
        return isAnother ? await Find(snapshot, service, target, update, cancel) : told;
    }

    /// <summary>Returns the new service deployment of a task definition, or null if ECS doesn't show one.</summary>
    private async Task<string?> Find(EcsSnapshot snapshot, string service, string target, ServiceUpdate update, CancellationToken cancel)
    {
        if (snapshot.Found.TryGetValue(service + target, out var found)) return found;
        if (!snapshot.HasServiceDeployments) return null;
        foreach (var arn in (await Since(snapshot, service, update.AskedAt, cancel)).Where(a => !update.Known.Contains(a)))
        {
            if (await snapshot.Deployment(arn, cancel) is not { } deployment || await snapshot.TargetOf(deployment, cancel) != target)
                continue;
            return snapshot.Found[service + target] = arn;
        }

        return null;
    }

    private async Task<ServiceUpdate> New(EcsSnapshot snapshot, string service, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return new(now, await Since(snapshot, service, now, cancel));
    }

    /// <summary>Starts somewhat earlier, because clocks differ.</summary>
    private async Task<IReadOnlyList<string>> Since(EcsSnapshot snapshot, string service, DateTimeOffset asked, CancellationToken cancel)
    {
        if (!snapshot.HasServiceDeployments) return [];
        var there = await ecs.DeploymentsSince(service, asked - ClockTolerance, cancel);
        if (there is null) snapshot.LacksServiceDeployments();
        return there ?? [];
    }
}
