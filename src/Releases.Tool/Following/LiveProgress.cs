using Spectre.Console;

namespace Releases.Tool;

/// <summary>Progress on a terminal: a table that is drawn over.</summary>
internal sealed class LiveProgress(ITerminal terminal, TimeProvider time) : IProgressDisplay
{
    public Task<Promotion> While(Func<Action<Promotion>, Task<Promotion>> following)
    {
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new TerminalOutput(terminal),
        });
        return console.Live(new Text("")).StartAsync(live => following(promotion => live.UpdateTarget(Picture(promotion))));
    }

    private Rows Picture(Promotion promotion)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.None };
        foreach (var heading in (string[])["SERVICE", "STATUS", "STARTED", "HEALTHY", "OLD LEFT"]) table.AddColumn(new TableColumn(heading) { NoWrap = true });
        foreach (var command in promotion.ReleaseCommands.Where(_ => promotion.Services.Count == 0))
            table.AddRow(new Text(command.Service.ToString()), new Text($"release command {Words.Of(command)}"));
        foreach (var service in promotion.Services)
            table.AddRow(
                new Text(service.Service.ToString()), new Text(Words.Of(service.Status), Colour(Words.ToneOf(service.Status))),
                new Text($"{service.Running}/{service.Desired}"), new Text($"{service.Healthy}/{service.Desired}"), new Text($"{service.Old}"));
        return new Rows(new Text(Heading(promotion)), table);
    }

    private string Heading(Promotion promotion)
    {
        var limit = promotion.RollbackDeadline ?? promotion.Deadline;
        var left = promotion.Ended ? "" : $", {Duration.Text(limit - time.GetUtcNow())} left";
        return $"{promotion.Release}: {Words.Of(promotion.Status)}{left}";
    }

    private static Style Colour(Tone tone) => tone switch
    {
        Tone.Good => new(Color.Green),
        Tone.Busy => new(Color.Yellow),
        Tone.Bad => new(Color.Red),
        Tone.Faint => new(decoration: Decoration.Dim),
        _ => Style.Plain,
    };
}
