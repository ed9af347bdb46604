namespace Releases;

/// <summary>Protects a release from being pruned, or removes the protection.</summary>
public sealed class PinRelease(OperationContext context)
{
    /// <summary>
    /// Pins the release. Returns it, and false if it was already pinned. Fails with <see cref="ProblemCode.Pruned"/> if it is too late.
    /// </summary>
    public async Task<(Release Release, bool Changed)> Pin(App app, ReleaseReference named, CancellationToken cancel)
    {
        var release = await context.Store.RequireRelease(app.Name, named, cancel);
        release.RequireNotPruned();
        if (app.Pinned.Contains(release.Id)) return (release, false);
        await Change(app, release, EventKind.ReleasePinned,
            a => a with { Pinned = [.. a.Pinned.Where(p => p != release.Id), release.Id] }, cancel);
        // It may have been pruned in the meantime.
        (await context.Store.RequireRelease(app.Name, release.Id, cancel)).RequireNotPruned();
        return (release, true);
    }

    /// <summary>Unpins the release. Returns it, and false if it wasn't pinned.</summary>
    public async Task<(Release Release, bool Changed)> Unpin(App app, ReleaseReference named, CancellationToken cancel)
    {
        var release = await context.Store.RequireRelease(app.Name, named, cancel);
        if (!app.Pinned.Contains(release.Id)) return (release, false);
        await Change(app, release, EventKind.ReleaseUnpinned, a => a with { Pinned = [.. a.Pinned.Where(p => p != release.Id)] }, cancel);
        return (release, true);
    }

    private async Task Change(App app, Release release, EventKind kind, Func<App, App> change, CancellationToken cancel) =>
        await context.Store.ChangeApp(
            app.Name, change,
            new() { Format = Event.FormatOfRetention, At = context.Now, Kind = kind, By = await context.By(cancel), Release = release.Id },
            cancel);
}
