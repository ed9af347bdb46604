namespace Releases.Tool;

/// <summary>Formats the labels of releases in sentences.</summary>
internal static class ReleaseLabel
{
    /// <summary>Returns <c>v12</c>, or the id if the record is gone.</summary>
    public static string Of(OperationNote.PromotionProgress progress) =>
        progress.Release is { } release ? $"v{release.Number}" : progress.Promotion.Release.ToString();

    /// <summary>Returns <c>v12 (ROCHMCOUESG)</c> for an id, only the id if the record can't be read, and <c>none</c> for none.</summary>
    public static async Task<string> Read(IReleaseStore store, AppName app, ReleaseId? release)
    {
        if (release is not { } id) return "none";
        try
        {
            return await store.Label(app, id, CancellationToken.None);
        }
#pragma warning disable CA1031 // The outcome is known, and it is what matters.
        catch (Exception)
#pragma warning restore CA1031
        {
            return id.ToString();
        }
    }
}
