namespace Releases.Aws;

/// <summary>Where the base task definition of each service is recorded: beside the rack's records, as no other rack has one.</summary>
internal interface IBaseTaskDefinitionStore
{
    /// <summary>What was recorded last; null: nothing was.</summary>
    Task<RecordedBase?> ReadBase(AppName app, ServiceName service, CancellationToken cancel);

    /// <summary>Records it in place of what was there.</summary>
    Task SaveBase(AppName app, ServiceName service, RecordedBase recorded, CancellationToken cancel);
}

/// <summary>The task definition that a service's releases are derived from.</summary>
/// <param name="Arn">The task definition.</param>
/// <param name="SealedUnder">The id that its copy is sealed under.</param>
/// <param name="Sealed">A sealed copy, for when it can no longer be described.</param>
internal sealed record RecordedBase(string Arn, SnapshotId SealedUnder, byte[] Sealed)
{
    /// <summary>How many tasks the service had when a release came that no longer has it; null: it did not.</summary>
    public int? RetiredCount { get; init; }
}
