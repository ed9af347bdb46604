namespace Releases.Tool;

/// <summary>What sentences about a promotion call its releases.</summary>
/// <param name="Release">The one that was promoted.</param>
/// <param name="Previous">The one that was active before; null: none was.</param>
internal sealed record PromotionLabels(string Release, string? Previous)
{
    /// <summary>By number and id, as far as their records can be read.</summary>
    public static async Task<PromotionLabels> Read(IReleaseStore store, Promotion promotion) => new(
        await ReleaseLabel.Read(store, promotion.App, promotion.Release),
        promotion.Previous is { } previous ? await ReleaseLabel.Read(store, promotion.App, previous) : null);
}
