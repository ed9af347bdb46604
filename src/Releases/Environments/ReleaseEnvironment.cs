namespace Releases;

/// <summary>Opens the sealed environment of a release.</summary>
public static class ReleaseEnvironment
{
    /// <summary>The environment of a release; empty while the app has none.</summary>
    public static async Task<EnvironmentSet> ReadEnvironment(this Rack rack, Release release, CancellationToken cancel) =>
        release.Environment is { } id
            ? await rack.Vault.Open(release.App, id, await rack.Store.ReadSnapshot(release.App, id, cancel), cancel)
            : EnvironmentSet.Empty;
}
