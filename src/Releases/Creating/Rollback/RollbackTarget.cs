namespace Releases;

/// <summary>Chooses the release that a rollback without an id restores.</summary>
public static class RollbackTarget
{
    /// <summary>
    /// Walks the succeeded promotions and keeps only the path that leads to the active release: a rollback discards everything after the
    /// release that it restored. So a second rollback goes one release further back.
    /// </summary>
    /// <param name="promoted">The releases of the succeeded promotions, oldest first; the last one is active.</param>
    /// <returns>The release whose content is to be restored, or null if there is nothing before the active one.</returns>
    public static ReleaseId? Find(IEnumerable<Release> promoted)
    {
        var way = new List<ReleaseId>();
        foreach (var release in promoted)
        {
            var before = release.CopyOf is { } original ? way.LastIndexOf(original) : -1;
            if (before >= 0) way.RemoveRange(before + 1, way.Count - before - 1);
            else if (way.Count == 0 || way[^1] != release.Content) way.Add(release.Content);
        }

        return way.Count > 1 ? way[^2] : null;
    }
}
