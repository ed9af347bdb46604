namespace Releases;

/// <summary>Represents the promotions of a release.</summary>
/// <param name="Last">Its newest promotion.</param>
/// <param name="LiveFrom">When it last became active, or null if it didn't.</param>
/// <param name="LiveUntil">When another release replaced it; null if it is active or never was.</param>
public sealed record PastPromotions(Promotion Last, DateTimeOffset? LiveFrom, DateTimeOffset? LiveUntil);

/// <summary>Represents the newest promotions by release, read with one range query.</summary>
/// <param name="ByRelease">The promotions of each release.</param>
/// <param name="IsWhole">Whether there are no promotions older than those that were read.</param>
public sealed record ReleaseHistory(IReadOnlyDictionary<ReleaseId, PastPromotions> ByRelease, bool IsWhole)
{
    /// <summary>The number of promotions that are read.</summary>
    public const int PromotionsRead = 50;

    /// <summary>Reads the history.</summary>
    public static async Task<ReleaseHistory> Read(IReleaseStore store, AppName app, CancellationToken cancel)
    {
        var promotions = await store.ListPromotions(app, PromotionsRead, cancel: cancel);
        return new(From(promotions), promotions.Count < PromotionsRead);
    }

    /// <summary>
    /// Determines whether a release was ever active. If its promotions are older than those that were read, its last outcome decides.
    /// </summary>
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
            // A restart of the active release doesn't end the time during which it is live.
            if (succeeded && (past.LiveFrom is null || next?.Release == promotion.Release))
                known[promotion.Release] = past with
                { LiveFrom = promotion.EndedAt, LiveUntil = past.LiveFrom is null ? next?.EndedAt : past.LiveUntil };
            if (succeeded) next = promotion;
        }

        return known;
    }
}
