using System.Globalization;

namespace Releases;

/// <summary>Represents the criteria of a search for releases.</summary>
/// <param name="Text">
/// The text to find in the description, the id, the number, the build, the commit or the creator, in any case; any if null.
/// </param>
/// <param name="Kind">The kind of the releases; any if null.</param>
/// <param name="NotPromoted">Whether to find only those whose last promotion failed, got stuck or was cancelled.</param>
public sealed record ReleaseFilter(string? Text = null, ReleaseKind? Kind = null, bool NotPromoted = false)
{
    /// <summary>Whether it matches every release.</summary>
    public bool IsEmpty => Text is null && Kind is null && !NotPromoted;

    /// <summary>Determines whether a release matches.</summary>
    public bool Matches(Release release) =>
        (Kind is null || release.Kind() == Kind)
            && (!NotPromoted || release.LastOutcome is PromotionStatus.Failed or PromotionStatus.Stuck or PromotionStatus.Cancelled)
            && (Text is null || Has(release, Text.Trim()));

    private static bool Has(Release release, string text) =>
        release.Description.Contains(text, StringComparison.OrdinalIgnoreCase)
        || release.CreatedBy.Contains(text, StringComparison.OrdinalIgnoreCase)
        || string.Equals(release.Id.ToString(), text, StringComparison.OrdinalIgnoreCase)
        || string.Equals($"v{release.Number}", text, StringComparison.OrdinalIgnoreCase)
        || string.Equals(release.Build?.ToString(), text, StringComparison.OrdinalIgnoreCase)
        || release.Commit?.StartsWith(text, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>Represents a page of releases.</summary>
/// <param name="Releases">The releases, newest first.</param>
/// <param name="Below">The number below which to continue, or null if there are no more.</param>
/// <param name="Read">The number of releases that were read.</param>
public sealed record FoundReleases(IReadOnlyList<Release> Releases, long? Below, int Read);

/// <summary>Lists and searches the releases of an app. Changes nothing.</summary>
public sealed class SearchReleases(IReleaseStore store)
{
    /// <summary>
    /// The number of releases that one search reads, so that its cost doesn't depend on how many there are; the caller continues below.
    /// </summary>
    public const int MaxRead = 500;

    private const int PageSize = 100;

    /// <summary>
    /// Returns a page: without a filter, with one range read; with one, after at most <see cref="MaxRead"/> releases in reads of 100. A
    /// text that is an id, a number or the id of a build is looked up.
    /// </summary>
    public async Task<FoundReleases> Run(AppName app, ReleaseFilter filter, int limit, long? below, CancellationToken cancel)
    {
        if (filter.IsEmpty) return Page(await store.ListReleases(app, limit + 1, below, cancel), limit);
        if (filter is { Text: { } text, Kind: null, NotPromoted: false } && await Named(app, text.Trim(), cancel) is { } named)
            return new(below is null || named.Number < below ? [named] : [], null, 1);

        var found = new List<Release>();
        var read = 0;
        while (read < MaxRead)
        {
            var page = await store.ListReleases(app, PageSize, below, cancel);
            foreach (var release in page)
            {
                read++;
                below = release.Number;
                if (filter.Matches(release)) found.Add(release);
                if (found.Count == limit) return new(found, below > 1 ? below : null, read);
            }

            if (page.Count < PageSize) return new(found, null, read);
        }

        return new(found, below > 1 ? below : null, read);
    }

    /// <summary>Returns the page with a release in its middle, with one range read.</summary>
    public async Task<FoundReleases> Around(AppName app, Release release, int limit, CancellationToken cancel) =>
        Page(await store.ListReleases(app, limit + 1, release.Number + limit / 2 + 1, cancel), limit);

    private static FoundReleases Page(IReadOnlyList<Release> releases, int limit) =>
        new([.. releases.Take(limit)], releases.Count > limit ? releases[limit - 1].Number : null, Math.Min(releases.Count, limit));

    private async Task<Release?> Named(AppName app, string text, CancellationToken cancel)
    {
        if (ReleaseId.TryParse(text, null, out var id)) return await store.FindRelease(app, id, cancel);
        if (BuildId.TryParse(text, null, out var build))
            return (await store.FindBuild(app, build, cancel))?.Release is { } made ? await store.FindRelease(app, made, cancel) : null;
        return text.Length > 1 && text[0] is 'v' or 'V'
            && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? await store.FindRelease(app, new ReleaseReference(null, number), cancel) : null;
    }
}
