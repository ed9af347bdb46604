using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>One promotion in detail, while it runs and after.</summary>
internal static class PromotionPage
{
    public static async Task<IResult> Show(Visit visit)
    {
        var app = await visit.App();
        var promotion = await visit.Promotion(app);
        var standing = await Standing.Of(app, visit.Store, visit.Cancel);
        return new Page($"{promotion.Id} of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_PromotionInFull { Model = new(promotion, standing), Visit = visit })
        {
            Standing = standing,
            Tab = "promotions",
            About = promotion.Id,
        };
    }
}
