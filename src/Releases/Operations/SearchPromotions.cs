namespace Releases;

/// <summary>Represents a page of promotions.</summary>
/// <param name="Promotions">The promotions, newest first.</param>
/// <param name="Before">The promotion before which the next page begins, or null on the last page.</param>
public sealed record FoundPromotions(IReadOnlyList<Promotion> Promotions, PromotionId? Before);

/// <summary>Lists the promotions of an app, optionally by outcome.</summary>
public sealed class SearchPromotions(IReleaseStore store)
{
    /// <summary>The number of promotions that one search reads at most. The caller continues before the last one.</summary>
    public const int MaxRead = 500;

    private const int PageSize = 100;

    /// <summary>Lists a page of promotions: one range read for all outcomes, up to <see cref="MaxRead"/> promotions in reads of 100
    /// for some.</summary>
    public async Task<FoundPromotions> Run(
        AppName app, IReadOnlyList<PromotionStatus> outcomes, int limit, PromotionId? before, CancellationToken cancel)
    {
        if (outcomes.Count == 0)
        {
            var newest = await store.ListPromotions(app, limit + 1, before, cancel);
            return new([.. newest.Take(limit)], newest.Count > limit ? newest[limit - 1].Id : null);
        }

        var found = new List<Promotion>();
        for (var read = 0; read < MaxRead; read += PageSize)
        {
            var page = await store.ListPromotions(app, PageSize, before, cancel);
            foreach (var promotion in page)
            {
                if (!outcomes.Contains(promotion.Status)) continue;
                // One more than fit shows that there are more.
                if (found.Count == limit) return new(found, found[^1].Id);
                found.Add(promotion);
            }

            if (page.Count < PageSize) return new(found, null);
            before = page[^1].Id;
        }

        return new(found, before);
    }
}
