namespace Releases;

/// <summary>Seals environment snapshots for the store and opens them again. What is sealed is bound to app and id.</summary>
public interface IVault
{
    /// <summary>Seals; sealing the same twice gives different bytes.</summary>
    Task<byte[]> Seal(AppName app, SnapshotId id, EnvironmentSet environment, CancellationToken cancel = default);

    /// <summary>Opens, or fails with <see cref="ProblemCode.Vault"/> when the key is missing, the bytes were changed, or they belong to
    /// another app or id.</summary>
    Task<EnvironmentSet> Open(AppName app, SnapshotId id, byte[] sealedBytes, CancellationToken cancel = default);
}
