namespace Releases.Tool;

/// <summary>Remedies as command lines that work when they are pasted: with the app and the rack that this call named.</summary>
/// <param name="App">The value of <c>--app</c>; null if it wasn't passed.</param>
/// <param name="Rack">The value of <c>--rack</c>; null if it wasn't passed.</param>
internal sealed record RemedyText(string? App, string? Rack)
{
    private static readonly HashSet<string> NotOfApp = [.. Operation.All.Where(o => !o.OfApp || o.NamesApp).Select(o => o.Name)];

    /// <summary>As one line; null for none.</summary>
    public string? Line(Remedy? remedy) => remedy?.ToLine(Command);

    /// <summary>A problem's message and remedy, as one line.</summary>
    public string Line(Problem problem) => problem.Remedy is { } remedy ? $"{problem.Message} {remedy.ToLine(Command)}" : problem.Message;

    /// <summary>One line for each step, where a command stands at the end of a line of its own.</summary>
    public IEnumerable<string> Lines(Remedy remedy) =>
        remedy.Steps.Select(step => step.Operation is null ? step.Words : $"{step.Words}: {Command(step)}");

    private string Command(RemedyStep step) => step.CommandLine(
    [
        .. App is { } app && !NotOfApp.Contains(step.Operation!) ? (string[])[GlobalOptions.App, app] : [],
        .. Rack is { } rack ? (string[])[GlobalOptions.Rack, rack] : [],
    ]);
}
