namespace Releases.Tool;

/// <summary>What a promotion would do, as far as the records tell: nothing is written, nothing that runs is asked.</summary>
internal static class DryRun
{
    /// <summary>Prints the plan; 1 where the promotion would be refused.</summary>
    public static async Task<int> Print(Invocation call, Rack rack, App app, Release release, Wishes wishes, CancellationToken cancel)
    {
        app.RequireUnlocked();
        var active = app.Active is { } id ? await rack.Store.RequireRelease(app.Name, id, cancel) : null;
        var comparison = await Comparison.Of(rack, active, release, cancel);
        var plan = await new ReadPlan(rack.Store, rack.Vault, rack.Name).Of(app, release, cancel);
        var problems = new List<Problem>(plan.Problems);
        foreach (var artifact in plan.Services.Select(s => s.Content.Artifact!).DistinctBy(a => a.Digest))
            if (await rack.Artifacts.Verify(artifact, cancel) is { } damaged) problems.Add(damaged);
        var rollout = new Rollout(app, release, PromotionId.New(), plan.Services) { AllowsEmpty = wishes.AllowEmpty };
        problems.AddRange(NothingToVerify.In(rollout, [.. plan.Services.Select(s => (int?)s.Count)]));
        var standing = await Standing.Of(app, rack.Store, cancel);
        if (standing.Lock is { } held && wishes.WaitLock is null && standing.Gone(call.Now).Length == 0) problems.Add(held.Busy());
        if (wishes.ExpectActive is { } named && (await rack.Store.RequireRelease(app.Name, named, cancel)).Id is var expected && expected != app.Active) problems.Add(app.IsNot(expected));
        var limit = wishes.Timeout ?? plan.Timeout;

        if (call.Json)
            OutputJson.Write(
                call.Terminal.Out, new(
                    release.Id.ToString(), active?.Id.ToString(), ComparisonView.Of(comparison),
                    [.. plan.Services.Select(s => new PlannedServiceView(s.Service.Name.ToString(), s.Count, s.Service.Deployment.Minimum, s.Service.Deployment.Maximum))],
                    (int)limit.TotalSeconds, [.. problems.Select(p => new ErrorView(p.Code, p.Message, p.Remedy))]),
                OutputJson.Indented.PlanView);
        else Write(call.Terminal, comparison, plan, limit, problems);
        return problems.Count == 0 ? Verb.Done : (int)ProblemKind.Failed;
    }

    private static void Write(ITerminal terminal, Comparison comparison, PromotionPlan plan, TimeSpan limit, List<Problem> problems)
    {
        terminal.Say(
            $"Promoting {comparison.To.Id} (v{comparison.To.Number}) would replace {comparison.From?.Id.ToString() ?? "nothing"}, and go back unless it is complete within {Duration.Text(limit)}. Nothing is done now.");
        comparison.Write(terminal);
        var counts = new Table("SERVICE", "PROCESSES", "DURING THE ROLLOUT");
        foreach (var service in plan.Services)
            counts.Add(service.Service.Name.ToString(), $"{service.Count}", $"{service.Service.Deployment.Minimum} % to {service.Service.Deployment.Maximum} %");
        if (!counts.IsEmpty)
        {
            if (!comparison.IsSame) terminal.Out.WriteLine();
            counts.Write(terminal);
        }

        foreach (var problem in problems) terminal.Say($"It would be refused: {problem.Sentence}");
    }
}
