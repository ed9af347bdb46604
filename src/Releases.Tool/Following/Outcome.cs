namespace Releases.Tool;

/// <summary>How a promotion ended, in words.</summary>
internal static class Outcome
{
    /// <summary>Prints the success, unless quiet, or fails as the promotion did.</summary>
    public static async Task Tell(Invocation call, Rack rack, Promotion promotion, bool quiet, CancellationToken cancel)
    {
        if (call.Json && !quiet) OutputJson.Write(call.Terminal.Out, PromotionView.Of(promotion), OutputJson.Indented.PromotionView);
        TellReleaseCommands(call.Terminal, promotion);
        if (promotion.Status != PromotionStatus.Succeeded)
        {
            TellLastLines(call.Terminal, promotion);
            throw new ProblemException(Problems(promotion));
        }

        TellWarnings(call.Terminal, promotion);
        if (call.Json || quiet) return;
        call.Terminal.Out.WriteLine($"{promotion.Release} is active");
        await TellAddresses(call, rack, promotion.App, cancel);
    }

    /// <summary>If they can't be read, the success stays a success.</summary>
    private static async Task TellAddresses(Invocation call, Rack rack, AppName app, CancellationToken cancel)
    {
        try
        {
            var addresses = new Table();
            foreach (var service in (await rack.Running.Services(app, cancel)).Where(s => s.Url is not null || s.DirectUrl is not null))
                addresses.Add([service.Service.ToString(), .. new[] { service.DirectUrl, service.Url }.OfType<string>().Select(a => new Cell(a))]);
            if (!addresses.IsEmpty) addresses.Write(call.Terminal, WhereTooWide.Fold);
        }
        catch (ProblemException unseen)
        {
            call.Terminal.Say($"note: the addresses can't be shown now: {call.Remedies.Line(unseen.Problems[0])}");
        }
    }

    private static void TellWarnings(ITerminal terminal, Promotion promotion)
    {
        foreach (var warning in promotion.Services.SelectMany(s => s.Warnings)) terminal.Say($"warning: {SafeText.Line(warning)}");
    }

    /// <summary>What the release commands printed last.</summary>
    private static void TellReleaseCommands(ITerminal terminal, Promotion promotion)
    {
        foreach (var command in promotion.ReleaseCommands.Where(c => c.LastLines.Count > 0))
        {
            terminal.Say($"The release command of {command.Service} printed:");
            foreach (var line in command.LastLines) terminal.Say($"  {SafeText.Line(line)}");
        }
    }

    /// <summary>What the processes that failed printed last.</summary>
    public static void TellLastLines(ITerminal terminal, Promotion promotion)
    {
        foreach (var service in promotion.Services.Where(s => s.LastLines.Count > 0))
        {
            terminal.Say($"The last lines of {service.Service}:");
            foreach (var line in service.LastLines) terminal.Say($"  {SafeText.Line(line)}");
        }
    }

    /// <summary>Why it didn't succeed, what is live now, and what to do next.</summary>
    public static IReadOnlyList<Problem> Problems(Promotion promotion)
    {
        var details = $"See more with: dotnet convox promotions info {promotion.Id}";
        return promotion switch
        {
            { Status: PromotionStatus.Stuck } => [Stuck(promotion, details)],
            { Findings: [_, ..] findings } =>
                [.. findings.Select(f => f.ToProblem(ProblemKind.PromotionFailed)), NotTouched(promotion)],
            { Services: [] } => [new(
                ProblemCode.PromotionFailed, $"{promotion.Release} was not promoted: {Reason(promotion)} Nothing was touched: {StillActive(promotion)}.",
                details, ProblemKind.PromotionFailed)],
            { Status: PromotionStatus.Cancelled } => [new(
                ProblemCode.PromotionFailed, $"{promotion.Release} was not promoted: {Reason(promotion)} {Back(promotion)}",
                $"Promote it again with: dotnet convox promote {promotion.Release}", ProblemKind.PromotionFailed)],
            _ => [new(ProblemCode.PromotionFailed, $"{promotion.Release} was not promoted: {Reason(promotion)} {Back(promotion)}", details, ProblemKind.PromotionFailed)],
        };
    }

    /// <summary>What is live after a promotion that didn't succeed. Without a release before there may be something else, as the first task definition of an ECS service.</summary>
    public static string Back(Promotion promotion) => promotion switch
    {
        { Previous: { } previous } => $"{previous} is back and still runs.",
        { Services: [] } => "No release was active before, and none is now.",
        _ => "No release was active before, and none is now; what ran then is back.",
    };

    private static string StillActive(Promotion promotion) =>
        promotion.Previous is { } previous ? $"{previous} still runs" : "no release was active before, and none is now";

    private static Problem NotTouched(Promotion promotion) => new(
        ProblemCode.PromotionFailed,
        $"{promotion.Release} was not promoted, and nothing was touched: {StillActive(promotion)}.",
        Kind: ProblemKind.PromotionFailed);

    private static Problem Stuck(Promotion promotion, string details)
    {
        var stuck = promotion.Services.Where(s => s.Status == ServiceStatus.Stuck).Select(s => s.Reason is { } why ? $"{s.Service} ({why.TrimEnd('.')})" : $"{s.Service}");
        var outcome = promotion.Services is []
            ? $"{promotion.Release} was not promoted: {Reason(promotion)} No service was touched: {StillActive(promotion)}."
            : $"{promotion.Release} was not promoted ({Reason(promotion).TrimEnd('.')}), and going back to {promotion.Previous?.ToString() ?? "what ran before"} was given up for: {string.Join(", ", stuck)}.";
        return new(
            ProblemCode.Stuck, $"{outcome} A person is needed.", $"See what runs with: dotnet convox ps; {char.ToLowerInvariant(details[0])}{details[1..]}", ProblemKind.NeedsPerson);
    }

    private static string Reason(Promotion promotion) =>
        promotion.Reason is { } reason ? reason.EndsWith('.') ? reason : reason + "." : "no reason was recorded.";
}
