using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Releases.Aws;

/// <summary>The engine's journal of one service in a promotion. Each member that tells of a request is written before it is sent.</summary>
internal sealed record ServiceJournal : Extensible
{
    /// <summary>The ECS service.</summary>
    public required string Service { get; init; }

    /// <summary>The task definition to roll back to: the one before, or an exact copy of it if that can no longer be started.</summary>
    public required string Previous { get; init; }

    /// <summary>The task definition before, if <see cref="Previous"/> is a copy of it.</summary>
    public string? PreviousRan { get; init; }

    /// <summary>The task definition that somebody else was deploying, and whose place this promotion takes; null: none was.</summary>
    public string? InFlight { get; init; }

    /// <summary>The deployment configuration before.</summary>
    public JsonObject? Configuration { get; init; }

    /// <summary>The desired count before.</summary>
    public int Desired { get; init; }

    /// <summary>How many tasks ran before; null: that was not noted yet by an earlier version.</summary>
    public int? Ran { get; init; }

    /// <summary>The service deployments that there were before.</summary>
    public IReadOnlyList<string> Known { get => field ?? []; init; }

    /// <summary>Whether RegisterTaskDefinition was sent.</summary>
    public bool RegisterAsked { get; init; }

    /// <summary>The task definition of this promotion; null before it is known.</summary>
    public string? Ours { get; init; }

    /// <summary>The desired count that the rollout set; null: it left it.</summary>
    public int? SetDesired { get; init; }

    /// <summary>The update to <see cref="Ours"/>.</summary>
    public ServiceUpdate? Forward { get; init; }

    /// <summary>Whether it is updated when every other service is ready: new tasks of a rolling deployment have traffic at once.</summary>
    public bool MovesLast { get; init; }

    /// <summary>Whether every other service is ready, so that it may be updated.</summary>
    public bool MoveAsked { get; init; }

    /// <summary>Whether it waits for the others.</summary>
    [JsonIgnore]
    public bool IsWaiting => MovesLast && !MoveAsked && Forward is null;

    /// <summary>The stage at which our hook has ECS wait; null: there is none.</summary>
    public string? PauseStage { get; init; }

    /// <summary>Whether hooks of somebody else may still stop it once it no longer waits for us, so that it gets traffic first.</summary>
    public bool ContinuesFirst { get; init; }

    /// <summary>Whether production traffic may move, so that ECS is asked to continue.</summary>
    public bool ContinueAsked { get; init; }

    /// <summary>Whether our hook is gone from the service's configuration after a success.</summary>
    public bool PauseRemoved { get; init; }

    /// <summary>Whether ECS was asked to take the deployment back.</summary>
    public bool StopAsked { get; init; }

    /// <summary>ECS refused to take the deployment back, so that another one has to.</summary>
    public bool StopRefused { get; init; }

    /// <summary>The update to <see cref="Previous"/>.</summary>
    public ServiceUpdate? Back { get; init; }

    /// <summary>Whether configuration and count are as they were before.</summary>
    public bool Restored { get; init; }

    /// <summary>Everything that may run without anybody else having had a hand in it.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Before => [.. new[] { Previous, PreviousRan, InFlight }.OfType<string>()];

    /// <summary>Whether a task definition is what a rollback restores.</summary>
    public bool IsPrevious(string? runs) => runs is not null && (runs == Previous || runs == PreviousRan);

    public static ServiceJournal? From(ServiceRollout service) => service.Journal.Notes?.Deserialize(EcsJson.Default.ServiceJournal);

    /// <summary>Writes them down and gives them.</summary>
    public async Task<ServiceJournal> Save(ServiceRollout service, CancellationToken cancel)
    {
        await service.Journal.Write(JsonSerializer.SerializeToElement(this, EcsJson.Default.ServiceJournal), cancel);
        return this;
    }
}

/// <summary>One UpdateService that starts a deployment.</summary>
/// <param name="AskedAt">When it was first sent, or about to be.</param>
/// <param name="Known">The service deployments that there were before it was sent.</param>
/// <param name="TookEffect">Whether that is known.</param>
/// <param name="Deployment">Its service deployment, where that was told.</param>
internal sealed record ServiceUpdate(
    DateTimeOffset AskedAt, IReadOnlyList<string> Known, bool TookEffect = false, string? Deployment = null) : Extensible;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ServiceJournal))]
[JsonSerializable(typeof(CommandJournal))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class EcsJson : JsonSerializerContext;
