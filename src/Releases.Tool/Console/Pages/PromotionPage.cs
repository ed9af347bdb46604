using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>One promotion in detail, while it runs and after.</summary>
internal static class PromotionPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var promotion = await request.Promotion(app);
        var appStatus = await AppStatus.Read(app, request.Store, request.Cancel);
        return new Page($"{promotion.Id} of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_PromotionInFull { Model = new(promotion, appStatus), Request = request })
        {
            AppStatus = appStatus,
            Tab = "promotions",
            About = promotion.Id,
        };
    }
}
