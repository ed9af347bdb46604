namespace Releases;

/// <summary>
/// Translates how far back a copied release can be rolled back. Each rack numbers its own releases, so a limit in the numbers of the
/// original is found by the originals of the copies that the receiving app has.
/// </summary>
internal static class CopiedLimit
{
    private const int PageSize = 100;

    /// <summary>The number of releases that are searched; older ones are out of reach.</summary>
    private const int MaxReleasesScanned = 1000;

    /// <summary>
    /// Returns the number of the oldest release of the receiving app that works with what the copy changes; of the copy itself if none
    /// does.
    /// </summary>
    /// <param name="store">The store of the receiving rack.</param>
    /// <param name="app">The receiving app.</param>
    /// <param name="origin">The origin of the copy.</param>
    /// <param name="oldest">The limit in the numbers of the origin.</param>
    /// <param name="cancel">Cancels the reads.</param>
    public static async Task<long> Read(IReleaseStore store, App app, ReleaseOrigin origin, long oldest, CancellationToken cancel)
    {
        var releases = await Newest(store, app.Name, r => IsCopy(r, origin) && r.Origin!.Number < oldest, cancel);
        // A release with another environment has the build of the copy that it is based on.
        var originals = new Dictionary<BuildId, long>();
        foreach (var copy in releases.Where(r => IsCopy(r, origin)))
            if (copy.Build is { } build) originals[build] = copy.Origin!.Number;
        return releases.TakeWhile(r => r.Build is { } build && originals.TryGetValue(build, out var number) && number >= oldest)
            .Select(r => (long?)r.Number).LastOrDefault() ?? app.LastNumber + 1;
    }

    private static bool IsCopy(Release release, ReleaseOrigin origin) =>
        release.Origin is { } of && (of.Rack, of.App) == (origin.Rack, origin.App);

    private static async Task<List<Release>> Newest(IReleaseStore store, AppName app, Func<Release, bool> isLast, CancellationToken cancel)
    {
        var found = new List<Release>();
        while (found.Count < MaxReleasesScanned && !found.Any(isLast))
        {
            var page = await store.ListReleases(app, PageSize, found.Count == 0 ? null : found[^1].Number, cancel);
            found.AddRange(page);
            if (page.Count < PageSize) break;
        }

        return found;
    }
}
