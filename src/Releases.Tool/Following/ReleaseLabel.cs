namespace Releases.Tool;

/// <summary>Formats the labels of releases in sentences: the number first, because people know a release by it.</summary>
internal static class ReleaseLabel
{
    /// <summary>Returns <c>v12</c>, or the id if the record is gone.</summary>
    public static string Of(OperationNote.PromotionProgress progress) =>
        progress.Release is { } release ? $"v{release.Number}" : progress.Promotion.Release.ToString();

    /// <summary>Returns <c>v12 (ROCHMCOUESG)</c>.</summary>
    public static string Of(Release release) => $"v{release.Number} ({release.Id})";

    /// <summary>Returns <c>v12 (ROCHMCOUESG)</c> for an id, or only the id if the record can't be read.</summary>
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
