using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Every attempt to make a release of the app the running one, a page of them at a time.</summary>
internal static class PromotionsPage
{
    private const int PageSize = 25;

    public static async Task<IResult> Show(Visit visit)
    {
        var app = await visit.App();
        var before = visit.Query("before") is { } id ? (await visit.Store.RequirePromotion(app.Name, PromotionId.Parse(id), visit.Cancel)).Id : (PromotionId?)null;
        var promotions = await visit.Store.ListPromotions(app.Name, PageSize + 1, before, visit.Cancel);
        var standing = await Standing.Of(app, visit.Store, visit.Cancel);
        var view = new PromotionsView(standing, [.. promotions.Take(PageSize)], promotions.Count > PageSize ? promotions[PageSize - 1].Id : null, before is not null);
        return new Page($"Promotions of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Promotions { Model = view, Visit = visit }) { Standing = standing, Tab = "promotions" };
    }
}

/// <summary>A page of promotions.</summary>
/// <param name="Standing">What runs.</param>
/// <param name="Promotions">Newest first.</param>
/// <param name="Before">The promotion that the next page begins before; null: there is none.</param>
/// <param name="IsOlder">Whether there are newer ones.</param>
internal sealed record PromotionsView(Standing Standing, IReadOnlyList<Promotion> Promotions, PromotionId? Before, bool IsOlder);
