namespace Releases.Tool;

/// <summary>
/// Represents a help page of sections with labels on the left and explanations that are wrapped in one column beside them.
/// </summary>
internal sealed class HelpPage
{
    private const string Indent = "  ";

    /// <summary>The length of a label above which its explanation starts on the next line.</summary>
    private const int MaxLabelWidth = 30;

    /// <summary>The minimum width of explanations, however narrow the screen.</summary>
    private const int MinTextWidth = 20;

    private readonly List<(string? Heading, IReadOnlyList<Line> Lines)> _sections = [];

    public void AddText(string text) => _sections.Add((null, [new("", text, IsText: true)]));

    public void AddLines(string heading, IEnumerable<string> lines) => Add(heading, lines.Select(l => new Line(l, "")));

    public void AddExamples(IEnumerable<Example> examples) => Add("Examples", examples.SelectMany(e => e.What is { } what
        ? (Line[])[new($"# {what}", "", IsRemark: true), new(e.Line, "")]
        : [new(e.Line, "")]));

    public void AddRows(string heading, IEnumerable<(string Label, string Text)> rows) =>
        Add(heading, rows.Select(r => new Line(r.Label, r.Text)));

    public void Write(TextWriter writer, int width, bool colored)
    {
        var left = _sections.SelectMany(s => s.Lines).Where(l => l is { IsText: false, Text.Length: > 0 }
            && l.Label.Length <= MaxLabelWidth).Select(l => l.Label.Length).DefaultIfEmpty().Max();
        var isFirst = true;
        foreach (var (heading, lines) in _sections)
        {
            if (!isFirst) writer.WriteLine();
            isFirst = false;
            if (heading is not null) writer.WriteLine(colored ? $"\e[1m{heading.ToUpperInvariant()}\e[0m" : heading.ToUpperInvariant());
            foreach (var line in lines) Write(writer, line, left, width, colored);
        }
    }

    private static void Write(TextWriter writer, Line line, int left, int width, bool colored)
    {
        if (line.IsText)
        {
            foreach (var part in Wrapped(line.Text, width)) writer.WriteLine(part);
            return;
        }

        var start = Indent.Length + left + Indent.Length;
        var parts = Wrapped(line.Text, Math.Max(MinTextWidth, width - start)).ToList();
        var label = Indent + (line.IsRemark && colored ? TextStyle.Faint.Paint(line.Label) : line.Label);
        var fits = line.Label.Length <= left;
        writer.WriteLine(fits && parts is [{ Length: > 0 } first, ..] ? label.PadRight(start) + first : label);
        foreach (var part in fits ? parts.Skip(1) : parts.Where(p => p.Length > 0)) writer.WriteLine(new string(' ', start) + part);
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    private void Add(string heading, IEnumerable<Line> lines)
    {
        if (lines.ToList() is { Count: > 0 } some) _sections.Add((heading, some));
    }

    private sealed record Line(string Label, string Text, bool IsText = false, bool IsRemark = false);
}
