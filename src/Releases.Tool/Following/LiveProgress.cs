namespace Releases.Tool;

/// <summary>Shows progress on a terminal as a table that is redrawn in place.</summary>
internal sealed class LiveProgress(ITerminal terminal, TimeProvider time, string approve = "") : IProgressDisplay
{
    /// <summary>The width below which a reason explains nothing and is left out.</summary>
    private const int MinReasonWidth = 20;

    private readonly LiveLines _lines = new(terminal);

    public void Show(Promotion promotion, string release) => _lines.Draw(Picture(promotion, release));

    public void Leave() => _lines.Leave();

    private List<Line> Picture(Promotion promotion, string release)
    {
        List<Line> lines = [Line.Of(Heading(promotion, release), terminal.Width)];
        if (promotion is { Status: PromotionStatus.RollingBack, Reason: { } reason })
            lines.Add(Line.Of($"Reason: {reason}", terminal.Width));
        if (Step(promotion) is { } step) lines.Add(Line.Of(step, terminal.Width));
        if (promotion.Services.Count > 0) lines.AddRange(Services(promotion, lines.Count));
        else if (promotion.ReleaseCommands.Count > 0) lines.AddRange(Commands(promotion));
        return lines;
    }

    /// <summary>Returns the heading: <c>Rolling out v3 · rolls back automatically in 9m 57s</c>.</summary>
    private string Heading(Promotion promotion, string release)
    {
        if (promotion.EndedAt is { } ended)
            return $"{release} {StatusText.Of(promotion.Status)} after {Duration.Elapsed(ended - promotion.StartedAt)}";
        return promotion.Status switch
        {
            PromotionStatus.Checking => $"Checking {release}",
            PromotionStatus.Releasing => $"Running release commands of {release}",
            PromotionStatus.RollingOut => $"Rolling out {release} · rolls back automatically in {Left(promotion.Deadline)}",
            PromotionStatus.RollingBack when promotion.RollbackDeadline is { } limit =>
                $"Rolling back {release} · gives up in {Left(limit)}",
            _ => $"Rolling back {release}",
        };
    }

    /// <summary>Returns what the promotion does between becoming healthy and being complete, or null outside of that.</summary>
    private string? Step(Promotion promotion) => promotion switch
    {
        not { Status: PromotionStatus.RollingOut, Plan: not null } => null,
        { Hold: { IsWaiting: true, Until: { } until } } => $"Waiting for approval for {Left(until)} · {approve}",
        { VerifyCommands: [.., { IsOpen: true } command] } => $"Running the verify command of {command.Service}",
        { Traffic: { Percent: > 0 } now, Plan: { } plan } when plan.Steps[now.Step] is { KeepsOld: true } step =>
            $"Traffic: {PlanText.Of(step)} · {(step.IsBake ? "they end" : "next step")} in {Left(plan.HeldUntil(now))}",
        _ => null,
    };

    private string Left(DateTimeOffset limit) => Duration.Text(limit - time.GetUtcNow());

    private IEnumerable<Line> Commands(Promotion promotion)
    {
        var table = new Table("SERVICE", "RELEASE COMMAND");
        foreach (var command in promotion.ReleaseCommands) table.Add(command.Service.ToString(), StatusText.Of(command));
        return table.Lines(terminal.Color, terminal.Width);
    }

    private IEnumerable<Line> Services(Promotion promotion, int above)
    {
        // The room below the headings and above the cursor. The final table isn't redrawn, so all of it may scroll.
        var room = promotion.Ended ? int.MaxValue : Math.Max(1, terminal.Height - above - 2);
        var first = promotion.Services.Count <= room
            ? [.. promotion.Services]
            : promotion.Services.OrderBy(IsAtRest).Take(room - 1).ToHashSet();
        List<PromotionService> shown = [.. promotion.Services.Where(first.Contains)];
        var explained = shown.Any(s => Explanation(s) is not null)
            && Listed(shown, explained: false).Lines(colored: false).Max(l => l.Width) + MinReasonWidth <= terminal.Width;
        var lines = Listed(shown, explained).Lines(terminal.Color, terminal.Width);
        return shown.Count == promotion.Services.Count
            ? lines
            : lines.Append(Line.Of(Others([.. promotion.Services.Except(shown)]), terminal.Width));
    }

    private static Table Listed(IReadOnlyList<PromotionService> services, bool explained)
    {
        var table = new Table(["SERVICE", "STATUS", "HEALTHY", "OLD LEFT", .. explained ? ["REASON"] : Array.Empty<string>()]);
        foreach (var service in services)
            table.Add(
                service.Service.ToString(), new Cell(StatusText.Of(service.Status), StatusText.StyleOf(service.Status)),
                $"{service.Healthy}/{service.Desired}",
                $"{service.Old}", explained ? Explanation(service) : null);
        return table;
    }

    /// <summary>Determines whether a service is at rest. The others are listed first.</summary>
    private static bool IsAtRest(PromotionService service) =>
        service.Status is ServiceStatus.Waiting or ServiceStatus.Complete or ServiceStatus.RolledBack;

    /// <summary>
    /// Returns why a service hasn't progressed, or why its completion proves nothing. Why it was rolled back is in the final sentence.
    /// </summary>
    private static string? Explanation(PromotionService service) =>
        service.Status == ServiceStatus.RolledBack ? null : StageText.WithReason(service);

    /// <summary>Summarizes the services that don't fit: <c>… and 12 more: 10 complete, 2 waiting</c>.</summary>
    private static string Others(IReadOnlyList<PromotionService> services)
    {
        var counts = services.CountBy(s => s.Status).Select(s => $"{s.Value} {StatusText.Of(s.Key)}");
        return $"… and {services.Count} more: {string.Join(", ", counts)}";
    }
}
