using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>promotions info</c>: shows a promotion in detail.</summary>
internal static class PromotionInfoCommand
{
    public static Command Create(ToolHost host)
    {
        var id = new Argument<string?>("promotion") { Arity = ArgumentArity.ZeroOrOne, Description = "Id (default: the newest)" };
        return new Command("info", "Show a promotion") { id }
            .Example("dotnet convox promotions info")
            .Example("dotnet convox promotions info PQWJDKSLAUE")
            .SetHandler(host, (call, cancel) => Show(call, call.Value(id) is { } named ? PromotionId.Parse(named) : null, cancel));
    }

    private static async Task Show(Invocation call, PromotionId? id, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var promotion = id is { } named
            ? await rack.Store.RequirePromotion(app.Name, named, cancel)
            : await rack.Store.ListPromotions(app.Name, 1, cancel: cancel) is [var newest] ? newest : throw new Problem(
                ProblemCode.Nothing, $"{app.Name} has no promotions yet.",
                await PromotionOffer.OfLatest(rack.Store, app, "Promote a release", cancel)).ToException();

        if (call.Json) OutputJson.Write(call.Terminal.Out, PromotionView.Of(promotion), OutputJson.Indented.PromotionView);
        else Print(call, promotion, await AppStatus.Read(app, rack, cancel), await PromotionLabels.Read(rack.Store, promotion));
    }

    private static void Print(Invocation call, Promotion promotion, AppStatus appStatus, PromotionLabels labels)
    {
        var facts = new Table();
        facts.Add("Id", promotion.Id.ToString());
        facts.Add("Release", labels.Release);
        facts.Add("Previous", labels.Previous ?? "none");
        facts.Add("Status", appStatus.CellOf(promotion, call.Now));
        facts.Add("Started", $"{RelativeTime.Of(promotion.StartedAt, call.Now)} by {promotion.StartedBy}");
        facts.Add("Elapsed", Duration.Elapsed((promotion.EndedAt ?? call.Now) - promotion.StartedAt));
        facts.Add("Limit", Duration.Text(promotion.Deadline - promotion.StartedAt));
        if (promotion.Reason is { } reason) facts.Add("Reason", reason);
        foreach (var finding in promotion.Findings) facts.Add("Found", $"{finding.Code}: {finding.Message} {finding.Remedy}");
        foreach (var command in promotion.ReleaseCommands) facts.Add("Release command", $"{command.Service}: {StatusText.Of(command)}");
        foreach (var command in promotion.VerifyCommands) facts.Add("Verify command", $"{command.Service}: {StatusText.Of(command)}");
        if (Hold(promotion, call.Now) is { } hold) facts.Add("Hold", hold);
        foreach (var warning in promotion.Services.SelectMany(s => s.Warnings)) facts.Add("Warning", warning);
        if (promotion.Retired.Count > 0) facts.Add("No longer in the release", string.Join(", ", promotion.Retired));
        facts.Write(call.Terminal);
        if (promotion.IsShortened)
            call.Say(
                $"The progress of its services is no longer kept: only the newest {ShortenHistory.Detailed} promotions have it.",
                next: null);

        if (promotion.Plan is { IsAllAtOnce: false }) PrintPlan(call.Terminal, promotion, call.Now);
        if (promotion.Services.Count > 0) PrintServices(call.Terminal, promotion);
        foreach (var command in promotion.ReleaseCommands)
            PrintLines(call.Terminal, $"The last lines of the release command of {command.Service}:", command.LastLines);
        foreach (var command in promotion.VerifyCommands)
            PrintLines(call.Terminal, $"The last lines of the verify command of {command.Service}:", command.LastLines);
    }

    private static string? Hold(Promotion promotion, DateTimeOffset now) => promotion.Hold switch
    {
        null => null,
        { ApprovedBy: { } by, ApprovedAt: { } at } => $"approved by {by} {RelativeTime.InSentence(at, now)}",
        { Until: { } until } when !promotion.Ended => $"waits for approval until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC",
        { Since: null } when !promotion.Ended => "not reached yet",
        _ => "not approved",
    };

    /// <summary>Prints the steps of the plan, taken or still to come, with their times.</summary>
    private static void PrintPlan(ITerminal terminal, Promotion promotion, DateTimeOffset now)
    {
        terminal.Out.WriteLine();
        var steps = new Table("STEP", "TRAFFIC", "HOLD", "BEGAN", "TOOK", "JUDGMENT");
        for (var i = 0; i < promotion.Plan!.Steps.Count; i++)
        {
            var (step, taken) = (promotion.Plan.Steps[i], promotion.Steps.FirstOrDefault(s => s.Step == i));
            steps.Add(
                $"{i}", PlanText.Of(promotion, i), step.HoldSeconds > 0 ? Duration.Text(step.Hold) : "",
                taken is null ? "" : UnitFormat.After(promotion.StartedAt, taken.Since),
                taken is null ? "" : UnitFormat.Uptime((taken.EndedAt ?? now) - taken.Since),
                taken is null ? "" : string.Join("; ", taken.Verdicts.Select(PlanText.Of)));
        }

        steps.Write(terminal);
    }

    private static void PrintServices(ITerminal terminal, Promotion promotion)
    {
        terminal.Out.WriteLine();
        var services = new Table("SERVICE", "STATUS", "HEALTHY", "OLD LEFT", "REASON");
        foreach (var service in promotion.Services)
            services.Add(
                service.Service.ToString(), new Cell(StatusText.Of(service.Status), StatusText.StyleOf(service.Status)),
                $"{service.Healthy}/{service.Desired}",
                service.Old.ToString(), StageText.WithReason(service));
        services.Write(terminal);
        foreach (var service in promotion.Services.Where(s => s.Timeline.Count > 0)) PrintTimeline(terminal, promotion, service);
        foreach (var service in promotion.Services) PrintLines(terminal, $"The last lines of {service.Service}:", service.LastLines);
    }

    private static void PrintTimeline(ITerminal terminal, Promotion promotion, PromotionService service)
    {
        terminal.Out.WriteLine($"\n{service.Service}:");
        var steps = service.Timeline.Select(s => (After: UnitFormat.After(promotion.StartedAt, s.At), Step: s)).ToList();
        var width = steps.Max(s => s.After.Length);
        foreach (var (after, step) in steps)
        {
            if (step.Omitted > 0) terminal.Out.WriteLine($"  {"…".PadLeft(width)}  {StatusText.OfOmitted(step)}");
            terminal.Out.WriteLine($"  {after.PadLeft(width)}  {StatusText.Of(step.Status)}");
        }
    }

    private static void PrintLines(ITerminal terminal, string heading, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        terminal.Out.WriteLine("\n" + heading);
        foreach (var line in lines) terminal.Out.WriteLine($"  {SafeText.Line(line)}");
    }
}
