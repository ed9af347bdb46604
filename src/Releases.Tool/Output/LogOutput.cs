using System.Globalization;

namespace Releases.Tool;

/// <summary>Prints log lines as they arrive.</summary>
internal static class LogOutput
{
    /// <summary>Resets the color, in case a line leaves one on.</summary>
    private const string Plain = "\e[0m";

    /// <summary>
    /// Prints lines as text: time, process, line. On a terminal the process has the color of its service. Returns false if there was no
    /// line.
    /// </summary>
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

    /// <summary>Prints lines as a JSON array with one log line per line of text.</summary>
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

    /// <summary>Prints lines as one JSON object per line, for streams that don't end.</summary>
    public static async Task JsonLines(ITerminal terminal, IAsyncEnumerable<LogLine> lines)
    {
        await foreach (var line in lines) OutputJson.Write(terminal.Out, LogLineView.Of(line), OutputJson.OneLine.LogLineView);
    }
}
