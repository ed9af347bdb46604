namespace Releases;

/// <summary>Decrypts the environment of a release.</summary>
public static class ReleaseEnvironment
{
    /// <summary>Returns the environment of a release; empty if it has none.</summary>
    public static async Task<EnvironmentSet> ReadEnvironment(this Rack rack, Release release, CancellationToken cancel) =>
        release.Environment is { } id
            ? await rack.Vault.Open(release.App, id, await rack.Store.ReadSnapshot(release.App, id, cancel), cancel)
            : EnvironmentSet.Empty;
}
