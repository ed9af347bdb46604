namespace Releases;

/// <summary>Represents everything that determines which of an app's releases lose their artifacts.</summary>
/// <param name="App">The app, with its settings and its pins.</param>
/// <param name="Releases">All its releases, newest first.</param>
/// <param name="Promoted">The latest successfully promoted releases, as many as are protected.</param>
/// <param name="Promoting">The release that is being promoted, or null if there is none.</param>
public sealed record RetentionState(App App, IReadOnlyList<Release> Releases, IReadOnlySet<ReleaseId> Promoted, ReleaseId? Promoting);

/// <summary>Decides which releases lose their artifacts, as a pure function of the records and the time.</summary>
public static class RetentionPolicy
{
    /// <summary>The number of latest promoted releases that are always kept, so that each can be rolled back to.</summary>
    public const int ProtectedPromotions = 5;

    /// <summary>
    /// Returns the releases to prune, oldest first. A release whose artifacts are all shared with kept releases has nothing to lose, so it
    /// isn't pruned and can still be promoted.
    /// </summary>
    /// <param name="state">The state of the app.</param>
    /// <param name="now">The current time.</param>
    /// <param name="owns">Determines whether the rack may remove an artifact.</param>
    public static IReadOnlyList<Release> Decide(RetentionState state, DateTimeOffset now, Func<Artifact, bool> owns)
    {
        if (state.App.Retention is not { } settings) return [];
        var newest = state.Releases.Take(settings.Keep).Select(r => r.Id).ToHashSet();
        // Compares ages, because subtracting a huge number of days from a date would overflow.
        bool IsOld(Release release) => (now - release.CreatedAt).TotalDays > settings.Days;
        var going = state.Releases.Where(r => r.PrunedAt is null && !newest.Contains(r.Id) && IsOld(r) && !IsProtected(state, r)).ToList();
        var leaving = going.Select(r => r.Id).ToHashSet();
        var kept = state.Releases.Where(r => r.PrunedAt is null && !leaving.Contains(r.Id)).SelectMany(Digests)
            .ToHashSet(StringComparer.Ordinal);
        return [.. going.Where(r => Artifacts(r).Any(a => owns(a) && !kept.Contains(a.Digest))).Reverse()];
    }

    /// <summary>
    /// Determines whether the app's releases have to be searched: it has more than are always kept, or a removal isn't finished.
    /// </summary>
    public static bool MayPrune(App app) =>
        app.Pruning.Count > 0 || app.LastNumber > (app.Retention ?? RetentionSettings.Default).Keep;

    /// <summary>Returns the artifacts of a release.</summary>
    internal static IEnumerable<Artifact> Artifacts(Release release) => release.Services.Values.Select(s => s.Artifact).OfType<Artifact>();

    private static IEnumerable<string> Digests(Release release) => Artifacts(release).Select(a => a.Digest);

    private static bool IsProtected(RetentionState state, Release release) =>
        release.Id == state.App.Active || release.Id == state.App.Latest || release.Id == state.Promoting
        || state.Promoted.Contains(release.Id) || state.App.Pinned.Contains(release.Id);
}
