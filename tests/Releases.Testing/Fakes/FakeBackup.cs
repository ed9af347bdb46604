namespace Releases.Testing;

/// <summary>Backs up and restores nothing, and answers as a rack with one app would. The name of the file says what is wrong.</summary>
public sealed class FakeBackup : IRackBackup
{
    public Task<RackBackup> BackUp(RackAddress rack, string file, bool withKey, TimeProvider time, CancellationToken cancel) =>
        Task.FromResult(new RackBackup(file, 48_234_496, A.Moment, 1, 3, withKey,
            file.Contains("damaged", StringComparison.Ordinal) ? [new(A.Artifact().Digest, "it is missing. Build its commit again.")] : []));

    public Task<RestoredRack> Restore(RackAddress rack, string file, bool replace, TimeProvider time, CancellationToken cancel) =>
        Task.FromResult(new RestoredRack(A.Moment, [A.App], 3,
            file.Contains("keyless", StringComparison.Ordinal) ? "/srv/convox/vault.key" : null));
}
