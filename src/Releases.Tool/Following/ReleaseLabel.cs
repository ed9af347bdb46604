namespace Releases.Tool;

/// <summary>What sentences call a release: its number first, as people know it by that.</summary>
internal static class ReleaseLabel
{
    /// <summary><c>v12</c>; the id if its record is gone.</summary>
    public static string Of(OperationNote.PromotionProgress progress) =>
        progress.Release is { } release ? $"v{release.Number}" : progress.Promotion.Release.ToString();

    /// <summary><c>v12 (ROCHMCOUESG)</c>.</summary>
    public static string Of(Release release) => $"v{release.Number} ({release.Id})";

    /// <summary>The same of a release that is known by its id; only the id if its record can't be read.</summary>
    public static async Task<string> Read(IReleaseStore store, AppName app, ReleaseId id)
    {
        try
        {
            return await store.FindRelease(app, id, CancellationToken.None) is { } release ? Of(release) : id.ToString();
        }
#pragma warning disable CA1031 // The outcome is known, and it is what matters.
        catch (Exception)
#pragma warning restore CA1031
        {
            return id.ToString();
        }
    }
}
