using System.Globalization;

namespace Releases.Tool;

/// <summary>Prints lines of logs as they come.</summary>
internal static class LogOutput
{
    /// <summary>A line that leaves a color on does not color what follows.</summary>
    private const string Plain = "\e[0m";

    /// <summary>As text: time, process, line; on a terminal the process has the color of its service. False: there was no line.</summary>
    public static async Task<bool> Text(ITerminal terminal, IAsyncEnumerable<LogLine> lines, IEnumerable<ServiceName> services)
    {
        var any = false;
        var colors = terminal is { OutIsTerminal: true, Color: true } ? new ServiceColors(services) : null;
        await foreach (var line in lines)
        {
            any = true;
            var time = line.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            var text = terminal.OutIsTerminal ? SafeText.WithColors(line.Text) : line.Text;
            terminal.Out.WriteLine(
                colors is null
                    ? $"{time} {line.Process} {text}"
                    : $"{TextStyle.Faint.Paint(time)} {colors.Paint(line.Service, line.Process)} "
                        + $"{text}{(text.Contains('\e', StringComparison.Ordinal) ? Plain : "")}");
        }

        return any;
    }

    /// <summary>As an array with a line on each of its lines.</summary>
    public static async Task Json(ITerminal terminal, IAsyncEnumerable<LogLine> lines)
    {
        var between = "[\n";
        await foreach (var line in lines)
        {
            terminal.Out.Write(between + OutputJson.Text(LogLineView.Of(line), OutputJson.OneLine.LogLineView));
            between = ",\n";
        }

        terminal.Out.WriteLine(between.StartsWith('[') ? "[]" : "\n]");
    }

    /// <summary>As one object a line, for what has no end.</summary>
    public static async Task JsonLines(ITerminal terminal, IAsyncEnumerable<LogLine> lines)
    {
        await foreach (var line in lines) OutputJson.Write(terminal.Out, LogLineView.Of(line), OutputJson.OneLine.LogLineView);
    }
}
