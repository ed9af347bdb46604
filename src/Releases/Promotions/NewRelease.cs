namespace Releases;

/// <summary>Determines which releases are new to production.</summary>
internal static class NewRelease
{
    /// <summary>A rollback, a restart or an older release is no reason to migrate a database again, and needs no gradual steps.</summary>
    public static async Task<bool> IsNew(this IReleaseStore store, App app, Release release, CancellationToken cancel) =>
        !release.IsRollback
        && (app.Active is not { } id || await store.FindRelease(app.Name, id, cancel) is not { } active || release.Number > active.Number);
}
