namespace Releases.Tool;

/// <summary>Prints the outcome of a promotion.</summary>
internal static class Outcome
{
    /// <summary>Prints a success, unless quiet. Fails if the promotion did.</summary>
    public static async Task Print(Invocation call, Rack rack, Promotion promotion, bool quiet, CancellationToken cancel)
    {
        if (call.Json && !quiet) OutputJson.Write(call.Terminal.Out, PromotionView.Of(promotion), OutputJson.Indented.PromotionView);
        PrintCommands(call.Terminal, "release", promotion.ReleaseCommands);
        PrintCommands(call.Terminal, "verify", promotion.VerifyCommands);
        if (promotion.Status != PromotionStatus.Succeeded)
        {
            PrintLastLines(call.Terminal, promotion);
            throw new ProblemException(FailedPromotion.Problems(promotion, await PromotionLabels.Read(rack.Store, promotion)));
        }

        PrintWarnings(call.Terminal, promotion);
        if (promotion.Retired.Count > 0)
            call.Terminal.Say(Stopped(promotion, await ReleaseLabel.Read(rack.Store, promotion.App, promotion.Release)));
        if (call.Json || quiet) return;
        await PrintActive(call, rack, promotion.App, promotion.Release, cancel);
    }

    /// <summary>Returns which services a success stopped: <c>Stopped worker, which v3 (RX) doesn't have.</c></summary>
    public static string Stopped(Promotion promotion, string release) =>
        $"Stopped {string.Join(", ", promotion.Retired)}, which {release} doesn't have.";

    /// <summary>Prints the active release and its addresses.</summary>
    public static async Task PrintActive(Invocation call, Rack rack, AppName app, ReleaseId active, CancellationToken cancel)
    {
        call.Terminal.Out.WriteLine($"{await ReleaseLabel.Read(rack.Store, app, active)} is active");
        await PrintAddresses(call, rack, app, cancel);
    }

    /// <summary>Prints the addresses. A failure to read them doesn't make the command fail.</summary>
    private static async Task PrintAddresses(Invocation call, Rack rack, AppName app, CancellationToken cancel)
    {
        try
        {
            var addresses = new Table();
            foreach (var service in (await rack.Running.Services(app, cancel)).Where(s => s.Url is not null || s.DirectUrl is not null))
                addresses.Add([service.Service.ToString(),
                    .. new[] { service.DirectUrl, service.Url }.OfType<string>().Select(a => new Cell(a))]);
            if (!addresses.IsEmpty) addresses.Write(call.Terminal, WhereTooWide.Fold);
        }
        catch (ProblemException unseen)
        {
            call.Terminal.Say($"note: the addresses can't be shown now: {call.Remedies.Line(unseen.Problems[0])}");
        }
    }

    private static void PrintWarnings(ITerminal terminal, Promotion promotion)
    {
        foreach (var warning in promotion.Services.SelectMany(s => s.Warnings)) terminal.Say($"warning: {SafeText.Line(warning)}");
    }

    /// <summary>Prints the last lines of the services' release or verify commands.</summary>
    private static void PrintCommands(ITerminal terminal, string kind, IReadOnlyList<ReleaseCommand> commands)
    {
        foreach (var command in commands.Where(c => c.LastLines.Count > 0))
        {
            terminal.Say($"The {kind} command of {command.Service} printed:");
            foreach (var line in command.LastLines) terminal.Say($"  {SafeText.Line(line)}");
        }
    }

    /// <summary>Prints the last lines of the failed processes.</summary>
    public static void PrintLastLines(ITerminal terminal, Promotion promotion)
    {
        foreach (var service in promotion.Services.Where(s => s.LastLines.Count > 0))
        {
            terminal.Say($"The last lines of {service.Service}:");
            foreach (var line in service.LastLines) terminal.Say($"  {SafeText.Line(line)}");
        }
    }
}
