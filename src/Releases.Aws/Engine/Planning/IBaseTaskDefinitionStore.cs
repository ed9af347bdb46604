using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Stores the base task definition of each service: separately from the rack's records, because only racks on AWS have any.
/// </summary>
internal interface IBaseTaskDefinitionStore
{
    /// <summary>Returns what was recorded last, or null if nothing was.</summary>
    Task<RecordedBase?> ReadBase(AppName app, ServiceName service, CancellationToken cancel);

    /// <summary>Returns the services of an app that have one, whether or not a release still has them.</summary>
    Task<IReadOnlyList<ServiceName>> ListServices(AppName app, CancellationToken cancel);

    /// <summary>Records a base, replacing the previous one.</summary>
    Task SaveBase(AppName app, ServiceName service, RecordedBase recorded, CancellationToken cancel);
}

/// <summary>Represents the task definition that a service's releases are derived from.</summary>
/// <param name="Arn">The ARN of the task definition.</param>
/// <param name="SealedUnder">The id that its copy is sealed under.</param>
/// <param name="Sealed">A sealed copy, for when it can no longer be described.</param>
internal sealed record RecordedBase(string Arn, SnapshotId SealedUnder, byte[] Sealed)
{
    /// <summary>The name of the ECS service at the last promotion, or null if an earlier version recorded it.</summary>
    public string? Name { get; init; }

    /// <summary>The number of tasks that the service had when a release no longer had it, or null if that hasn't happened.</summary>
    public int? RetiredCount { get; init; }

    /// <summary>
    /// The deployment configuration that the service had before a rollback that didn't finish and left its guards off, or null if there is
    /// nothing to restore.
    /// </summary>
    public JsonObject? Owed { get; init; }
}
