using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>Represents what people know a release by.</summary>
/// <param name="Id">The id.</param>
/// <param name="Number">The version number.</param>
/// <param name="Description">The description.</param>
internal sealed record ReleaseName(ReleaseId Id, long Number, string Description);

/// <summary>Caches the numbers and descriptions of releases that pages mention by id. They never change, so each is read once.</summary>
internal sealed class ReleaseNames(IReleaseStore store)
{
    private const int MaxKept = 4096;

    private readonly ConcurrentDictionary<ReleaseId, ReleaseName> _known = new();

    /// <summary>Returns the name of a release, or null if there is no record of it.</summary>
    public async ValueTask<ReleaseName?> Find(AppName app, ReleaseId id, CancellationToken cancel)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        return await store.FindRelease(app, id, cancel) is { } release ? Keep(release) : null;
    }

    /// <summary>Reads the names that aren't cached yet, all at once.</summary>
    public Task Prepare(AppName app, IEnumerable<ReleaseId> ids, CancellationToken cancel) =>
        Task.WhenAll(ids.Distinct().Where(id => !_known.ContainsKey(id)).Select(id => Find(app, id, cancel).AsTask()));

    private ReleaseName Keep(Release release)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        return _known[release.Id] = new(release.Id, release.Number, release.Description);
    }
}
