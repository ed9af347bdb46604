namespace Releases.Tool;

/// <summary>Prints what a promotion would do.</summary>
internal static class PreviewOutput
{
    public static async Task Print(Invocation call, Rack rack, PromotionPreview preview, CancellationToken cancel)
    {
        var comparison = await new CompareReleases(call.Operations(rack)).Between(preview.Active, preview.Release, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, View(call, preview, comparison), OutputJson.Indented.PlanView);
        else Write(call, preview, comparison);
    }

    private static PlanView View(Invocation call, PromotionPreview preview, ReleaseComparison comparison) => new(
        preview.Release.Id.ToString(), preview.Active?.Id.ToString(), ComparisonView.Of(comparison),
        [.. preview.Services.Select(s =>
            new PlannedServiceView(s.Service.ToString(), s.Rollout.Count, s.Rollout.Minimum, s.Rollout.Maximum))],
        (int)preview.Timeout.TotalSeconds,
        [.. preview.Problems.Select(p => new ErrorView(p.Code, p.Message, call.Remedies.Line(p.Remedy)))],
        PlanStepView.Of(preview.Plan, []), [.. preview.Verified.Select(s => s.ToString())]);

    private static void Write(Invocation call, PromotionPreview preview, ReleaseComparison comparison)
    {
        var terminal = call.Terminal;
        var change = preview.Active switch
        {
            null => "would be the first active release",
            { } active when active.Id == preview.Release.Id => "would be promoted again, with new processes",
            { } active => $"would replace {active.Label}",
        };
        terminal.Say("Dry run: nothing changes.");
        terminal.Say(
            $"{preview.Release.Label} {change}, and roll back automatically unless it is complete within "
                + $"{Duration.Text(preview.Limit)}.");
        if (preview.Active?.Id != preview.Release.Id) comparison.Write(terminal);
        var counts = new Table("SERVICE", "PROCESSES", "DURING THE ROLLOUT");
        foreach (var service in preview.Services)
            counts.Add(service.Service.ToString(), $"{service.Rollout.Count}",
                $"{service.Rollout.Minimum} % to {service.Rollout.Maximum} %");
        if (!counts.IsEmpty)
        {
            if (!comparison.IsSame) terminal.Out.WriteLine();
            counts.Write(terminal);
        }

        if (preview.Verified.Count > 0)
            terminal.Say($"Before the traffic moves, the verify command runs: {string.Join(", ", preview.Verified)}.");
        if (PlanText.Of(preview.Plan) is { } plan) terminal.Say($"Traffic: {plan}.");
        foreach (var problem in preview.Problems) call.Say($"It would be refused: {problem.Message}", problem.Remedy);
    }
}
