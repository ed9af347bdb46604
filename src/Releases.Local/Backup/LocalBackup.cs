namespace Releases.Local;

/// <summary>Backs up and restores local racks.</summary>
internal sealed class LocalBackup : IRackBackup
{
    public Task<RackBackup> BackUp(RackAddress rack, string file, bool withKey, TimeProvider time, CancellationToken cancel) =>
        new BackUpHome(LocalRackKind.HomeOf(rack), time).Run(file, withKey, cancel);

    public Task<RestoredRack> Restore(RackAddress rack, string file, bool replace, TimeProvider time, CancellationToken cancel) =>
        new RestoreHome(LocalRackKind.HomeOf(rack), time).Run(file, replace, cancel);
}
