using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>promotions</c>: lists the promotions of an app.</summary>
internal static class PromotionsCommand
{
    private const int DefaultLimit = 10;

    public static Command Create(ToolHost host)
    {
        var limit = CommonOptions.Limit(DefaultLimit);
        var before = new Option<string?>("--before") { HelpName = "promotion", Description = "List only promotions older than this one" };
        var all = new Option<bool>("--all") { Description = "List all promotions" };
        var command = new Command("promotions", "List promotions, newest first") { limit, all, before, PromotionInfoCommand.Create(host) };
        command.ExcludesLimit(all, limit);
        return command
            .Example("dotnet convox promotions")
            .Example("dotnet convox promotions --limit 50 --json")
            .SetHandler(host, (call, cancel) => List(
                call, call.Value(all) ? int.MaxValue : call.Value(limit),
                call.Value(before) is { } id ? PromotionId.Parse(id) : null, cancel));
    }

    private static async Task List(Invocation call, int limit, PromotionId? before, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        if (before is { } id) await rack.Store.RequirePromotion(app.Name, id, cancel);
        var promotions = await rack.Store.ListPromotions(app.Name, limit, before, cancel);
        var appStatus = await AppStatus.Read(app, rack, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. promotions.Select(PromotionView.Of)],
            OutputJson.Indented.IReadOnlyListPromotionView);
        else if (promotions.Count == 0) call.Say($"{app.Name} has no promotions{(before is null ? " yet." : $" before {before}.")}",
            before is null ? await PromotionOffer.OfLatest(rack.Store, app, "Promote a release", cancel) : null);
        else Print(call, promotions, appStatus);
    }

    private static void Print(Invocation call, IReadOnlyList<Promotion> promotions, AppStatus appStatus)
    {
        var table = new Table("ID", "RELEASE", "STATUS", "STARTED", "ELAPSED", "BY");
        foreach (var promotion in promotions)
            table.Add(
                promotion.Id.ToString(), promotion.Release.ToString(), appStatus.CellOf(promotion, call.Now),
                RelativeTime.Of(promotion.StartedAt, call.Now), Duration.Elapsed((promotion.EndedAt ?? call.Now) - promotion.StartedAt),
                promotion.StartedBy);
        table.Write(call.Terminal, WhereTooWide.Cut);
    }
}
