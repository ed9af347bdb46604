namespace Releases;

/// <summary>What is known of an app when it is decided which of its releases lose their artifacts.</summary>
/// <param name="App">The app, with its settings and its pins.</param>
/// <param name="Releases">All of its releases, newest first.</param>
/// <param name="Promoted">The releases that its last successful promotions ran, as far as they are protected.</param>
/// <param name="Promoting">The release that is being promoted or held; null: none.</param>
public sealed record RetentionState(App App, IReadOnlyList<Release> Releases, IReadOnlySet<ReleaseId> Promoted, ReleaseId? Promoting);

/// <summary>Decides which releases lose their artifacts. A pure function of the records and the time.</summary>
public static class RetentionPolicy
{
    /// <summary>How many of the releases that were promoted last are always kept, so that each can be rolled back to.</summary>
    public const int ProtectedPromotions = 5;

    /// <summary>
    /// The releases to prune, oldest first. A release whose artifacts all belong to kept ones too has nothing to lose, and isn't among
    /// them: it can still be promoted.
    /// </summary>
    /// <param name="state">The records.</param>
    /// <param name="now">The time.</param>
    /// <param name="owns">Whether an artifact is the rack's own to remove.</param>
    public static IReadOnlyList<Release> Decide(RetentionState state, DateTimeOffset now, Func<Artifact, bool> owns)
    {
        if (state.App.Retention is not { } settings) return [];
        var newest = state.Releases.Take(settings.Keep).Select(r => r.Id).ToHashSet();
        // An age beyond what the calendar has is never reached.
        bool IsOld(Release release) => (now - release.CreatedAt).TotalDays > settings.Days;
        var going = state.Releases.Where(r => r.PrunedAt is null && !newest.Contains(r.Id) && IsOld(r) && !IsProtected(state, r)).ToList();
        var leaving = going.Select(r => r.Id).ToHashSet();
        var kept = state.Releases.Where(r => r.PrunedAt is null && !leaving.Contains(r.Id)).SelectMany(Digests)
            .ToHashSet(StringComparer.Ordinal);
        return [.. going.Where(r => Artifacts(r).Any(a => owns(a) && !kept.Contains(a.Digest))).Reverse()];
    }

    /// <summary>
    /// Whether a search has to look at the app's releases: it has more than are always kept, or a removal isn't finished.
    /// </summary>
    public static bool MayPrune(App app) =>
        app.Pruning.Count > 0 || app.LastNumber > (app.Retention ?? RetentionSettings.Default).Keep;

    /// <summary>The artifacts of a release.</summary>
    internal static IEnumerable<Artifact> Artifacts(Release release) => release.Services.Values.Select(s => s.Artifact).OfType<Artifact>();

    private static IEnumerable<string> Digests(Release release) => Artifacts(release).Select(a => a.Digest);

    private static bool IsProtected(RetentionState state, Release release) =>
        release.Id == state.App.Active || release.Id == state.App.Latest || release.Id == state.Promoting
        || state.Promoted.Contains(release.Id) || state.App.Pinned.Contains(release.Id);
}
