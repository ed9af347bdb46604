using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Looks how an update of a service stands.</summary>
internal sealed class LookAtRollout(Ecs ecs, UpdateOnce update, TimeProvider time)
{
    /// <summary>After this long a read that shows another task definition is no lag any more.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(1);

    /// <summary>The verdict on an update to a task definition.</summary>
    public async Task<RolloutVerdict> Verdict(EcsRound round, EcsNotes notes, string target, EcsUpdate asked, JsonObject service, CancellationToken cancel)
    {
        var arn = asked.Deployment ?? await update.Find(round, notes.Service, target, asked.Known, cancel);
        var deployment = arn is null ? null : await round.Deployment(arn, cancel);
        if (SeenRollout.PrimaryOf(service).Text("taskDefinition") == target) round.SeenInPlace.Add(notes.Service + target);
        return RolloutVerdict.Of(new(service, target, [.. notes.Before, .. notes.Ours is { } ours ? [ours] : Array.Empty<string>()])
        {
            TellsDeployments = round.TellsDeployments,
            Deployment = deployment,
            AimedAt = deployment is null ? null : await round.AimOf(deployment, cancel),
            WasOurs = round.SeenInPlace.Contains(notes.Service + target) || time.GetUtcNow() - asked.AskedAt > LongestLag,
        });
    }

    /// <summary>What somebody else made the service run, and who.</summary>
    public async Task<Observation> Superseded(string runs, CancellationToken cancel)
    {
        string? by;
        try
        {
            by = (await ecs.TaskDefinition(runs, cancel)).Definition.Text("registeredBy");
        }
        catch (Exception refused) when (AwsProblems.OfCall(refused, "ECS") is { } problem)
        {
            by = $"somebody (who cannot be read: {problem.Message.TrimEnd('.')})";
        }

        return new(ObservedState.Superseded) { Reason = $"was changed by somebody else meanwhile: it runs {runs}, registered by {by ?? "somebody"}, and is left alone" };
    }
}
