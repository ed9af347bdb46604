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
            PrintWarnings(call.Terminal, promotion);
            throw new ProblemException(FailedPromotion.Problems(promotion, await PromotionLabels.Read(rack.Store, promotion)));
        }

        PrintWarnings(call.Terminal, promotion);
        if (promotion.Retired.Count > 0)
            call.Terminal.Say(Dropped(promotion, await ReleaseLabel.Read(rack.Store, promotion.App, promotion.Release)));
        if (call.Json || quiet) return;
        await PrintActive(call, rack, promotion.App, promotion.Release, cancel);
    }

    /// <summary>
    /// Returns which services of the previous release the new one lacks. A rack doesn't stop those that run something else by now.
    /// </summary>
    public static string Dropped(Promotion promotion, string release) =>
        $"{release} doesn't have {string.Join(" and ", promotion.Retired)}, which ran before.";

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
