namespace Releases;

/// <summary>What promotions did with a release.</summary>
/// <param name="Last">Its newest promotion.</param>
/// <param name="LiveFrom">When it became active the last time; null: it didn't.</param>
/// <param name="LiveUntil">When another took its place; null: it is active, or never was.</param>
public sealed record PastPromotions(Promotion Last, DateTimeOffset? LiveFrom, DateTimeOffset? LiveUntil);

/// <summary>What the newest promotions did with which release: one range read.</summary>
/// <param name="ByRelease">By release.</param>
/// <param name="IsWhole">Whether there are no older promotions than those that were read.</param>
public sealed record ReleaseHistory(IReadOnlyDictionary<ReleaseId, PastPromotions> ByRelease, bool IsWhole)
{
    /// <summary>How many promotions are read.</summary>
    public const int PromotionsRead = 50;

    /// <summary>Reads it.</summary>
    public static async Task<ReleaseHistory> Read(IReleaseStore store, AppName app, CancellationToken cancel)
    {
        var promotions = await store.ListPromotions(app, PromotionsRead, cancel: cancel);
        return new(From(promotions), promotions.Count < PromotionsRead);
    }

    /// <summary>Whether a release was active once. Of one whose promotions are older than those that were read, its last outcome
    /// tells.</summary>
    public bool WasLive(Release release) =>
        ByRelease.GetValueOrDefault(release.Id)?.LiveFrom is not null || release.LastOutcome == PromotionStatus.Succeeded;

    private static Dictionary<ReleaseId, PastPromotions> From(IReadOnlyList<Promotion> newestFirst)
    {
        var known = new Dictionary<ReleaseId, PastPromotions>();
        Promotion? next = null;
        foreach (var promotion in newestFirst)
        {
            var succeeded = promotion.Status == PromotionStatus.Succeeded;
            var past = known.GetValueOrDefault(promotion.Release);
            if (past is null) known[promotion.Release] = past = new(promotion, null, null);
            // A restart of the active release doesn't end the time in which it is live.
            if (succeeded && (past.LiveFrom is null || next?.Release == promotion.Release))
                known[promotion.Release] = past with
                { LiveFrom = promotion.EndedAt, LiveUntil = past.LiveFrom is null ? next?.EndedAt : past.LiveUntil };
            if (succeeded) next = promotion;
        }

        return known;
    }
}
