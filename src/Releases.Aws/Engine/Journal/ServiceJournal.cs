using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Releases.Aws;

/// <summary>
/// Represents the engine's journal of one service in a promotion. Each member about a request is written before the request is sent.
/// </summary>
internal sealed record ServiceJournal : Extensible
{
    /// <summary>The name of the ECS service.</summary>
    public required string Service { get; init; }

    /// <summary>The task definition to roll back to: the previous one, or an exact copy of it if it can no longer be started.</summary>
    public required string Previous { get; init; }

    /// <summary>The previous task definition, if <see cref="Previous"/> is a copy of it.</summary>
    public string? PreviousRan { get; init; }

    /// <summary>
    /// The task definition that someone else was deploying and that this promotion supersedes, or null if there was none.
    /// </summary>
    public string? InFlight { get; init; }

    /// <summary>The previous deployment configuration.</summary>
    public JsonObject? Configuration { get; init; }

    /// <summary>The previous desired count.</summary>
    public int Desired { get; init; }

    /// <summary>
    /// The previous number of running tasks, or null if the journal was written by an earlier version, which didn't record it.
    /// </summary>
    public int? Ran { get; init; }

    /// <summary>Whether RegisterTaskDefinition was sent.</summary>
    public bool RegisterAsked { get; init; }

    /// <summary>The task definition of this promotion, or null before it is known.</summary>
    public string? Ours { get; init; }

    /// <summary>The desired count that the rollout set, or null if it didn't change it.</summary>
    public int? SetDesired { get; init; }

    /// <summary>The update to <see cref="Ours"/>.</summary>
    public ServiceUpdate? Forward { get; init; }

    /// <summary>
    /// Whether it is updated once every other service is ready, because new tasks of a rolling deployment get traffic immediately.
    /// </summary>
    public bool MovesLast { get; init; }

    /// <summary>Whether every other service is ready, so that it may be updated.</summary>
    public bool MoveAsked { get; init; }

    /// <summary>Whether it is waiting for the others.</summary>
    [JsonIgnore]
    public bool IsWaiting => MovesLast && !MoveAsked && Forward is null;

    /// <summary>The stage at which our hook makes ECS wait, or null if there is no hook.</summary>
    public LifecycleStage? PauseStage { get; init; }

    /// <summary>Whether it gets traffic first, because other hooks may still stop it once it no longer waits for ours.</summary>
    public bool ContinuesFirst { get; init; }

    /// <summary>Whether production traffic may move, so that ECS is asked to continue.</summary>
    public bool ContinueAsked { get; init; }

    /// <summary>Whether our hook was removed from the service's configuration after a success.</summary>
    public bool PauseRemoved { get; init; }

    /// <summary>Whether ECS shifts its traffic without steps and bake, because it has no tasks.</summary>
    public bool GoesStraight { get; init; }

    /// <summary>Whether its steps and bake were put back after a success.</summary>
    public bool StepsRestored { get; init; }

    /// <summary>Whether ECS was asked to roll the deployment back.</summary>
    public bool StopAsked { get; init; }

    /// <summary>Whether ECS refused to roll the deployment back, so that another deployment has to.</summary>
    public bool StopRefused { get; init; }

    /// <summary>The update to <see cref="Previous"/>.</summary>
    public ServiceUpdate? Back { get; init; }

    /// <summary>Whether the configuration and the count were restored.</summary>
    public bool Restored { get; init; }

    /// <summary>The task definitions that may be running although no one else changed the service.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Before => [.. new[] { Previous, PreviousRan, InFlight }.OfType<string>()];

    /// <summary>Determines whether a rollback restores this task definition.</summary>
    public bool IsPrevious(string? runs) => runs is not null && (runs == Previous || runs == PreviousRan);

    public static ServiceJournal? From(ServiceRollout service) => service.Journal.Notes?.Deserialize(EcsJson.Default.ServiceJournal);

    /// <summary>Writes the journal, and returns it.</summary>
    public async Task<ServiceJournal> Save(ServiceRollout service, CancellationToken cancel)
    {
        await service.Journal.Write(JsonSerializer.SerializeToElement(this, EcsJson.Default.ServiceJournal), cancel);
        return this;
    }
}

/// <summary>Represents one UpdateService request that starts a deployment.</summary>
/// <param name="AskedAt">When it was first sent, or was about to be.</param>
/// <param name="Known">The service deployments that existed before it was sent.</param>
/// <param name="TookEffect">Whether it is known to have taken effect.</param>
/// <param name="Deployment">The service deployment that ECS returned, which may be an earlier one, or that was found.</param>
internal sealed record ServiceUpdate(
    DateTimeOffset AskedAt, IReadOnlyList<string> Known, bool TookEffect = false, string? Deployment = null) : Extensible
{
    /// <summary>When ECS had accepted it, which may be long after it was first sent; null in journals of earlier versions.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ServiceJournal))]
[JsonSerializable(typeof(CommandJournal))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class EcsJson : JsonSerializerContext;
