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
        var outcome = PromotionsView.Outcomes.FirstOrDefault(o => o.Value == request.Query("outcome"));
        var found = await new SearchPromotions(request.Store).Run(app.Name, outcome.Of ?? [], PageSize, before, request.Cancel);
        var appStatus = await AppStatus.Read(app, request.Rack, request.Cancel);
        var view = new PromotionsView(appStatus, found.Promotions, found.Before, before is not null) { Outcome = outcome.Value };
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
internal sealed record PromotionsView(AppStatus AppStatus, IReadOnlyList<Promotion> Promotions, PromotionId? Before, bool IsOlder)
{
    /// <summary>Gets the outcomes to choose from: the value in the address, the text, and the statuses.</summary>
    public static IReadOnlyList<(string? Value, string Text, IReadOnlyList<PromotionStatus> Of)> Outcomes { get; } =
    [
        (null, "All", []), ("succeeded", "Succeeded", [PromotionStatus.Succeeded]),
        ("failed", "Failed and cancelled", [PromotionStatus.Failed, PromotionStatus.Cancelled, PromotionStatus.Stuck]),
    ];

    /// <summary>Gets the chosen outcome, or null for all.</summary>
    public string? Outcome { get; init; }

    /// <summary>Gets whether the app has no promotions at all.</summary>
    public bool IsEmpty => Promotions.Count == 0 && Outcome is null && !IsOlder;

    /// <summary>Returns the address of the promotions with an outcome, before a promotion or from the newest.</summary>
    public string Address(string? outcome, PromotionId? before)
    {
        string[] query = [.. outcome is null ? [] : new[] { $"outcome={outcome}" }, .. before is null ? [] : new[] { $"before={before}" }];
        return $"/apps/{AppStatus.App.Name}/promotions{(query.Length == 0 ? "" : "?")}{string.Join('&', query)}";
    }
}
