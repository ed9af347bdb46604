using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows a promotion in detail, while it is running and afterward.</summary>
internal static class PromotionPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var promotion = await request.Promotion(app);
        var appStatus = await AppStatus.Read(app, request.Rack, request.Cancel);
        var release = await request.Store.FindRelease(app.Name, promotion.Release, request.Cancel);
        var progress = new ProgressView(promotion, appStatus, request.Rack.Daemon is not null);
        var view = new PromotionInFull(progress, release) { Traffic = await TrafficComparison.Read(request, progress) };
        return new Page(
            release is null ? promotion.Id.ToString() : $"Promotion of v{release.Number}",
            new AspNetCoreGeneratedDocument.Console_Pages_PromotionInFull { Model = view, Request = request })
        {
            AppStatus = appStatus,
            Tab = "promotions",
            About = promotion.Id,
        };
    }
}

/// <summary>Represents a promotion and its release.</summary>
/// <param name="Progress">The promotion.</param>
/// <param name="Release">The release, or null if there is no record of it.</param>
internal sealed record PromotionInFull(ProgressView Progress, Release? Release)
{
    /// <summary>Gets the requests of the new and the old release, or null if no traffic moves or it isn't measured.</summary>
    public TrafficComparison? Traffic { get; init; }

    /// <summary>Gets whether the promotion can be retried: it didn't succeed, and nothing blocks another one.</summary>
    public bool CanRetry => Progress.Promotion is { Ended: true, Status: not PromotionStatus.Succeeded } && Release is not null
        && Release.WhyIncomplete() is null && Progress.AppStatus.WhyNot() is null;
}
