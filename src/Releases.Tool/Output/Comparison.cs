using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Releases.Tool;

/// <summary>What differs between the content of two releases; values of environments are compared and never shown.</summary>
/// <param name="From">The older one; null: nothing, as before the first promotion.</param>
/// <param name="To">The newer one.</param>
/// <param name="Services">The services that are in one or both, sorted by name.</param>
/// <param name="Environment">The keys that differ.</param>
/// <param name="Manifest">The lines of the manifests that differ, each with <c>-</c> or <c>+</c> before it.</param>
internal sealed record Comparison(Release? From, Release To, IReadOnlyList<ServiceComparison> Services, EnvironmentChange Environment, IReadOnlyList<string> Manifest)
{
    /// <summary>Whether the two have the same content.</summary>
    public bool IsSame => Environment.IsEmpty && Manifest.Count == 0 && Services.All(s => s.Change == "same");

    public static async Task<Comparison> Of(Rack rack, Release? from, Release to, CancellationToken cancel)
    {
        var services = (from?.Services.Keys ?? []).Union(to.Services.Keys).Order()
            .Select(name => new ServiceComparison(name, from?.Services.GetValueOrDefault(name), to.Services.GetValueOrDefault(name)));
        return new(
            from, to, [.. services],
            EnvironmentChange.Between(from is null ? EnvironmentSet.Empty : await rack.ReadEnvironment(from, cancel), await rack.ReadEnvironment(to, cancel)),
            Lines(await Text(rack, from, cancel), await Text(rack, to, cancel)));
    }

    public void Write(ITerminal terminal)
    {
        if (IsSame) terminal.Say(From is null ? $"{To.Id} is empty." : $"{To.Id} has the same content as {From.Id}.");
        if (Services.Any(s => s.Change != "same"))
        {
            var table = new Table("SERVICE", "CHANGE", "BUILD", "COMMIT");
            foreach (var service in Services) table.Add(service.Service.ToString(), new Cell(service.Change, StyleOf(service.Change)), service.Arrow(s => s.Build?.ToString()), service.Arrow(s => StatusText.ShortCommit(s.Commit)));
            table.Write(terminal);
        }

        if (!Environment.IsEmpty) terminal.Out.WriteLine(Environment.Description);
        if (Manifest.Count == 0) return;
        terminal.Out.WriteLine("convox.yml");
        var colored = terminal is { OutIsTerminal: true, Color: true };
        foreach (var line in Manifest.Select(l => SafeText.Data(terminal, l)))
            terminal.Out.WriteLine("  " + (colored ? (line[0] == '+' ? TextStyle.Good : TextStyle.Bad).Paint(line) : line));
    }

    public static TextStyle StyleOf(string change) => change switch
    {
        "added" => TextStyle.Good,
        "removed" => TextStyle.Bad,
        "changed" => TextStyle.Busy,
        _ => TextStyle.Faint,
    };

    private static async Task<string> Text(Rack rack, Release? release, CancellationToken cancel) =>
        release?.Manifest is { } id ? await rack.Store.ReadManifest(id, cancel) : "";

    private static string[] Lines(string from, string to) =>
    [
        // The end of the last line is no line.
        .. InlineDiffBuilder.Diff(from.TrimEnd('\n'), to.TrimEnd('\n')).Lines.Where(l => l.Type is ChangeType.Inserted or ChangeType.Deleted)
            .Select(l => (l.Type == ChangeType.Inserted ? "+ " : "- ") + l.Text),
    ];
}

/// <summary>One service in two releases.</summary>
internal sealed record ServiceComparison(ServiceName Service, ReleaseService? From, ReleaseService? To)
{
    /// <summary><c>added</c>, <c>removed</c>, <c>changed</c> (another artifact) or <c>same</c>.</summary>
    public string Change => From is null ? "added" : To is null ? "removed" : From.Artifact?.Digest != To.Artifact?.Digest ? "changed" : "same";

    /// <summary>Something of both, where it differs with an arrow.</summary>
    public string Arrow(Func<ReleaseService, string?> what)
    {
        var (before, after) = (From is null ? null : what(From), To is null ? null : what(To));
        return before is null || after is null || before == after ? after ?? before ?? "" : $"{before} → {after}";
    }
}
