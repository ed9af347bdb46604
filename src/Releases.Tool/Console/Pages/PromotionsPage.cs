using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Every attempt to make a release of the app the running one, a page of them at a time.</summary>
internal static class PromotionsPage
{
    private const int PageSize = 25;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var before = request.Query("before") is { } id
            ? (await request.Store.RequirePromotion(app.Name, PromotionId.Parse(id), request.Cancel)).Id
            : (PromotionId?)null;
        var promotions = await request.Store.ListPromotions(app.Name, PageSize + 1, before, request.Cancel);
        var appStatus = await AppStatus.Read(app, request.Store, request.Cancel);
        var view = new PromotionsView(appStatus, [.. promotions.Take(PageSize)],
            promotions.Count > PageSize ? promotions[PageSize - 1].Id : null, before is not null);
        await request.Console.Releases.Prepare(app.Name, view.Promotions.Select(p => p.Release), request.Cancel);
        return new Page("Promotions", new AspNetCoreGeneratedDocument.Console_Pages_Promotions { Model = view, Request = request })
        { AppStatus = appStatus, Tab = "promotions" };
    }
}

/// <summary>A page of promotions.</summary>
/// <param name="AppStatus">The live status.</param>
/// <param name="Promotions">Newest first.</param>
/// <param name="Before">The promotion that the next page begins before; null: there is none.</param>
/// <param name="IsOlder">Whether there are newer ones.</param>
internal sealed record PromotionsView(AppStatus AppStatus, IReadOnlyList<Promotion> Promotions, PromotionId? Before, bool IsOlder);
