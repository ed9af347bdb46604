namespace Releases.Tool;

/// <summary>Represents the labels of a promotion's releases in sentences.</summary>
/// <param name="Release">The label of the promoted release.</param>
/// <param name="Previous">The label of the previously active release, or null if there was none.</param>
internal sealed record PromotionLabels(string Release, string? Previous)
{
    /// <summary>Reads the labels: number and id, or only the id if a record can't be read.</summary>
    public static async Task<PromotionLabels> Read(IReleaseStore store, Promotion promotion) => new(
        await ReleaseLabel.Read(store, promotion.App, promotion.Release),
        promotion.Previous is { } previous ? await ReleaseLabel.Read(store, promotion.App, previous) : null);
}
