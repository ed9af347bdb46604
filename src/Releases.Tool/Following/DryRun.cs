namespace Releases.Tool;

/// <summary>What a promotion would do, as far as the records tell: nothing is written, and what runs is only looked at.</summary>
internal static class DryRun
{
    /// <summary>Prints the plan; 1 where the promotion would be refused.</summary>
    public static async Task<int> Print(Invocation call, Rack rack, App app, Release release, PromoteOptions options, CancellationToken cancel)
    {
        app.RequireUnlocked();
        var active = app.Active is { } id ? await rack.Store.RequireRelease(app.Name, id, cancel) : null;
        var comparison = await Comparison.Of(rack, active, release, cancel);
        var plan = await new ReleasePlanReader(rack.Store, rack.Vault, rack.Name).Read(app, release, cancel);
        var problems = new List<Problem>(plan.Problems);
        foreach (var artifact in plan.Services.Select(s => s.Content.Artifact!).DistinctBy(a => a.Digest))
            if (await rack.Artifacts.Verify(artifact, cancel) is { } damaged) problems.Add(damaged);
        var rollout = new Rollout(app, release, PromotionId.New(), plan.Services) { AllowsEmpty = options.AllowEmpty };
        var planned = await Planned(call, rack, app, plan.Services, cancel);
        problems.AddRange(EmptyRollout.Check(rollout, [.. planned.Select(p => (int?)p.How.Count)]));
        var appStatus = await AppStatus.Read(app, rack.Store, cancel);
        if (appStatus.Lock is { } held && options.WaitLock is null && appStatus.Gone(call.Now).Length == 0) problems.Add(held.Busy());
        if (options.ExpectActive is { } named && (await rack.Store.RequireRelease(app.Name, named, cancel)).Id is var expected && expected != app.Active) problems.Add(app.IsNot(expected));
        var limit = options.Timeout ?? plan.Timeout;

        if (call.Json)
            OutputJson.Write(
                call.Terminal.Out, new(
                    release.Id.ToString(), active?.Id.ToString(), ComparisonView.Of(comparison),
                    [.. planned.Select(p => new PlannedServiceView(p.Service.ToString(), p.How.Count, p.How.Minimum, p.How.Maximum))],
                    (int)limit.TotalSeconds, [.. problems.Select(p => new ErrorView(p.Code, p.Message, call.Remedies.Line(p.Remedy)))]),
                OutputJson.Indented.PlanView);
        else Write(call, comparison, planned, limit, problems);
        return problems.Count == 0 ? ExitCode.Success : (int)ProblemKind.Failed;
    }

    /// <summary>As the release says, or as what runs has it where the release leaves that to it.</summary>
    private static async Task<IReadOnlyList<(ServiceName Service, PlannedRollout How)>> Planned(Invocation call, Rack rack, App app, IReadOnlyList<ServiceSpec> services, CancellationToken cancel)
    {
        IReadOnlyDictionary<ServiceName, PlannedRollout>? planned = null;
        try
        {
            planned = await rack.Planned(app, services, cancel);
        }
        catch (ProblemException unseen)
        {
            call.Terminal.Say($"note: what runs can't be looked at, so counts and limits are those of the release alone: {unseen.Problems[0].Message}");
        }

        return [.. services.Select(s => (s.Service.Name, planned?.GetValueOrDefault(s.Service.Name) ?? new(s.Count, s.Service.Deployment.Minimum, s.Service.Deployment.Maximum)))];
    }

    private static void Write(Invocation call, Comparison comparison, IReadOnlyList<(ServiceName Service, PlannedRollout How)> planned, TimeSpan limit, List<Problem> problems)
    {
        var terminal = call.Terminal;
        terminal.Say(
            $"Promoting {comparison.To.Id} (v{comparison.To.Number}) would replace {comparison.From?.Id.ToString() ?? "nothing"}, and go back unless it is complete within {Duration.Text(limit)}. Nothing is done now.");
        comparison.Write(terminal);
        var counts = new Table("SERVICE", "PROCESSES", "DURING THE ROLLOUT");
        foreach (var (service, how) in planned) counts.Add(service.ToString(), $"{how.Count}", $"{how.Minimum} % to {how.Maximum} %");
        if (!counts.IsEmpty)
        {
            if (!comparison.IsSame) terminal.Out.WriteLine();
            counts.Write(terminal);
        }

        foreach (var problem in problems) terminal.Say($"It would be refused: {call.Remedies.Line(problem)}");
    }
}
