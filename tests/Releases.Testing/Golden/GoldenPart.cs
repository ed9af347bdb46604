using Xunit;

namespace Releases.Testing;

/// <summary>
/// The part of a document in docs that is made of something else, so that it is stated once. <c>CONVOX_GOLDEN=write</c> writes it instead
/// of comparing.
/// </summary>
public static class GoldenPart
{
    /// <summary>Whether texts are written instead of compared.</summary>
    public static bool Writes { get; } = Environment.GetEnvironmentVariable("CONVOX_GOLDEN") == "write";

    /// <summary>The first table below a heading.</summary>
    public static void HoldsTable(string file, string heading, IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var lines = File.ReadAllLines(PathOf(file));
        var from = Array.FindIndex(lines, Below(lines, heading), l => l.StartsWith('|'));
        var to = Array.FindIndex(lines, from, l => !l.StartsWith('|'));
        Holds(file, heading, lines, from, to, Table(head, rows));
    }

    /// <summary>Everything from a heading on.</summary>
    public static void HoldsRest(string file, string heading, IEnumerable<string> text)
    {
        var lines = File.ReadAllLines(PathOf(file));
        Holds(file, heading, lines, Below(lines, heading) - 1, lines.Length, text);
    }

    /// <summary>The lines of a table.</summary>
    public static IEnumerable<string> Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var titles = head.ToList();
        return rows.Select(Row).Prepend($"|{string.Concat(Enumerable.Repeat("---|", titles.Count))}").Prepend(Row(titles));
    }

    private static string Row(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells)} |".Replace("|  |", "| |", StringComparison.Ordinal);

    private static void Holds(string file, string heading, string[] lines, int from, int to, IEnumerable<string> wanted)
    {
        Assert.InRange(from, 1, to);
        var text = wanted.ToList();
        if (Writes) File.WriteAllLines(PathOf(file), [.. lines[..from], .. text, .. lines[to..]]);
        else Assert.True(text.SequenceEqual(lines[from..to]), Difference(file, heading, lines[from..to], text));
    }

    private static string Difference(string file, string heading, string[] there, List<string> wanted) =>
        $"docs/{file}, '{heading}', isn't what it is made of; run this test with CONVOX_GOLDEN=write.\n"
            + string.Concat(wanted.Except(there).Select(l => $"missing: {l}\n"))
            + string.Concat(there.Except(wanted).Select(l => $"extra: {l}\n"));

    /// <summary>The line after a heading.</summary>
    private static int Below(string[] lines, string heading)
    {
        var at = Array.IndexOf(lines, heading);
        Assert.True(at >= 0, $"there is no '{heading}'.");
        return at + 1;
    }

    private static string PathOf(string file) => Path.Combine(Repository.Root, "docs", file);
}
