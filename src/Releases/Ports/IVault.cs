namespace Releases;

/// <summary>Seals environment snapshots for the store, and opens them. A sealed snapshot is bound to its app and id.</summary>
public interface IVault
{
    /// <summary>Seals an environment; sealing the same twice gives different bytes.</summary>
    Task<byte[]> Seal(AppName app, SnapshotId id, EnvironmentSet environment, CancellationToken cancel = default);

    /// <summary>
    /// Opens a sealed environment. Fails with <see cref="ProblemCode.Vault"/> if the key is missing, the bytes were changed, or they belong
    /// to another app or id.
    /// </summary>
    Task<EnvironmentSet> Open(AppName app, SnapshotId id, byte[] sealedBytes, CancellationToken cancel = default);
}
