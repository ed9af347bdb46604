using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Has a service run a task definition. ECS cannot tell a repeated request from a second one, so after an answer that was lost it is
/// found out whether it took effect, also where ECS has gone back meanwhile, and only what did not is sent again.
/// </summary>
internal sealed class UpdateOnce(Ecs ecs, FencedChange change, TimeProvider time)
{
    private const int Attempts = 5;
    private const int Looks = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan BeforeAsking = TimeSpan.FromMinutes(10);

    /// <summary>The update, known to have taken effect.</summary>
    /// <param name="round">What is known.</param>
    /// <param name="service">The ECS service.</param>
    /// <param name="target">The task definition.</param>
    /// <param name="written">The update by the journal, of which nobody knows whether it took effect; null: none was sent.</param>
    /// <param name="settings">What else is sent.</param>
    /// <param name="write">Writes it into the journal.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task<EcsUpdate> Run(
        EcsRound round, string service, string target, EcsUpdate? written, JsonObject settings, Func<EcsUpdate, Task> write, CancellationToken cancel)
    {
        var update = written ?? await New(round, service, cancel);
        var lost = written is not null;
        for (var attempt = 1; ; attempt++)
        {
            if (lost && await TookEffect(round, service, target, update, cancel) is { } done)
            {
                await write(done);
                return done;
            }

            try
            {
                var input = (JsonObject)settings.DeepClone();
                (input["service"], input["taskDefinition"]) = (service, target);
                var answer = await change.Send(() => write(update), "UpdateService", input, cancel);
                if (answer["service"] is not JsonObject) throw new UnansweredException("UpdateService", new UnreadableAnswerException("the answer has no service"));
                var told = answer["service"].Text("currentServiceDeployment");
                update = update with { TookEffect = true, Deployment = told is not null && !update.Known.Contains(told) ? told : null };
                await write(update);
                return update;
            }
            catch (UnansweredException unanswered) when (attempt == Attempts)
            {
                throw new Problem(
                    ProblemCode.Unreachable, $"The ECS service {service} could not be updated: {unanswered.Message}", "Look at the network, and promote again.").ToException(unanswered);
            }
            catch (UnansweredException)
            {
                lost = true;
            }
            finally
            {
                round.Forget();
            }
        }
    }

    /// <summary>The update where it can be seen that it took effect; null where three looks show that it did not.</summary>
    public async Task<EcsUpdate?> TookEffect(EcsRound round, string service, string target, EcsUpdate update, CancellationToken cancel)
    {
        for (var look = 1; ; look++)
        {
            if (await Find(round, service, target, update, cancel) is { } deployment) return update with { TookEffect = true, Deployment = deployment };
            round.Forget();
            var seen = await round.Service(service, cancel);
            if (seen is not null && SeenRollout.PrimaryOf(seen).Text("taskDefinition") == target) return update with { TookEffect = true };
            if (look == Looks) return null;
            await Task.Delay(BetweenLooks, time, cancel);
        }
    }

    /// <summary>The service deployment that aims at a task definition and was not there before; null where none is shown.</summary>
    public async Task<string?> Find(EcsRound round, string service, string target, EcsUpdate update, CancellationToken cancel)
    {
        if (round.Found.TryGetValue(service + target, out var found)) return found;
        if (!round.TellsDeployments) return null;
        foreach (var arn in (await Since(round, service, update.AskedAt, cancel)).Where(a => !update.Known.Contains(a)))
        {
            if (await round.Deployment(arn, cancel) is not { } deployment || await round.AimOf(deployment, cancel) != target) continue;
            return round.Found[service + target] = arn;
        }

        return null;
    }

    private async Task<EcsUpdate> New(EcsRound round, string service, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return new(now, await Since(round, service, now, cancel));
    }

    /// <summary>Some time before as well, as clocks differ.</summary>
    private async Task<IReadOnlyList<string>> Since(EcsRound round, string service, DateTimeOffset asked, CancellationToken cancel)
    {
        if (!round.TellsDeployments) return [];
        var there = await ecs.DeploymentsSince(service, asked - BeforeAsking, cancel);
        if (there is null) round.DoesNotTellDeployments();
        return there ?? [];
    }
}
