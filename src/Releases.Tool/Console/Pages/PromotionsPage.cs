using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Lists the promotions of an app, a page at a time.</summary>
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

/// <summary>Represents a page of promotions.</summary>
/// <param name="AppStatus">The app's status.</param>
/// <param name="Promotions">The promotions, newest first.</param>
/// <param name="Before">The promotion before which the next page begins, or null on the last page.</param>
/// <param name="IsOlder">Whether newer promotions precede this page.</param>
internal sealed record PromotionsView(AppStatus AppStatus, IReadOnlyList<Promotion> Promotions, PromotionId? Before, bool IsOlder);
