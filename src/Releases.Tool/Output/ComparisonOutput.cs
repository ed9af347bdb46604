using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Releases.Tool;

/// <summary>Prints comparisons of two releases.</summary>
internal static class ComparisonOutput
{
    public static void Write(this ReleaseComparison comparison, ITerminal terminal)
    {
        if (comparison.IsSame)
            terminal.Say(comparison.From switch
            {
                null => $"{comparison.To.Label} is empty.",
                var from when from.Id == comparison.To.Id => $"Both are {from.Label}.",
                var from => $"{comparison.To.Label} has the same content as {from.Label}.",
            });
        if (comparison.Services.Any(s => s.Change != ServiceChange.Same))
        {
            var table = new Table("SERVICE", "CHANGE", "BUILD", "COMMIT");
            foreach (var service in comparison.Services)
                table.Add(service.Service.ToString(), CellOf(service.Change), service.Arrow(s => s.Build?.ToString()),
                    service.Arrow(s => StatusText.ShortCommit(s.Commit)));
            table.Write(terminal);
        }

        if (!comparison.Environment.IsEmpty) terminal.Out.WriteLine(comparison.Environment.Description);
        var manifest = comparison.ManifestLines();
        if (manifest.Count == 0) return;
        terminal.Out.WriteLine("convox.yml");
        var colored = terminal is { OutIsTerminal: true, Color: true };
        foreach (var line in manifest.Select(l => SafeText.Data(terminal, l)))
            terminal.Out.WriteLine("  " + (colored ? (line[0] == '+' ? TextStyle.Good : TextStyle.Bad).Paint(line) : line));
    }

    /// <summary>
    /// Returns the lines of the manifests that differ, each prefixed with <c>-</c> or <c>+</c>. Indentation counts as a difference.
    /// </summary>
    public static IReadOnlyList<string> ManifestLines(this ReleaseComparison comparison) =>
    [
        .. InlineDiffBuilder.Diff(comparison.FromManifest.TrimEnd('\n'), comparison.ToManifest.TrimEnd('\n'), ignoreWhiteSpace: false).Lines
            .Where(l => l.Type is ChangeType.Inserted or ChangeType.Deleted)
            .Select(l => (l.Type == ChangeType.Inserted ? "+ " : "- ") + l.Text),
    ];

    /// <summary>Returns the name of a change as in JSON, with its style.</summary>
    public static Cell CellOf(ServiceChange change) => new(TextOf(change), change switch
    {
        ServiceChange.Added => TextStyle.Good,
        ServiceChange.Removed => TextStyle.Bad,
        ServiceChange.Changed => TextStyle.Busy,
        _ => TextStyle.Faint,
    });

    /// <summary>Returns <c>added</c>, <c>removed</c>, <c>changed</c> or <c>same</c>.</summary>
    public static string TextOf(ServiceChange change) => change.ToString().ToLowerInvariant();

    /// <summary>Returns a value of the service in both releases; if it differs, both values with an arrow between them.</summary>
    public static string Arrow(this ServiceComparison service, Func<ReleaseService, string?> what)
    {
        var (before, after) = (service.From is null ? null : what(service.From), service.To is null ? null : what(service.To));
        return before is null || after is null || before == after ? after ?? before ?? "" : $"{before} → {after}";
    }
}
