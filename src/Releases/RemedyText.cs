namespace Releases;

/// <summary>Remedies as command lines that work when they are pasted: with the app and the rack that this call named.</summary>
/// <param name="App">The value of <c>--app</c>; null if it wasn't passed.</param>
/// <param name="Rack">The value of <c>--rack</c>; null if it wasn't passed.</param>
public sealed record RemedyText(string? App, string? Rack)
{
    private const string AppOption = "--app", RackOption = "--rack";

    private static readonly HashSet<string> NotOfApp = [.. Operation.All.Where(o => !o.OfApp || o.NamesApp).Select(o => o.Name)];

    /// <summary>As one line; null for none.</summary>
    public string? Line(Remedy? remedy) => remedy?.ToLine(Command);

    /// <summary>A problem's message and remedy, as one line.</summary>
    public string Line(Problem problem) =>
        problem.Remedy is { } remedy ? $"{problem.Message} {remedy.ToLine(Command)}" : problem.Message;

    /// <summary>One line for each step, where a command stands at the end of a line of its own.</summary>
    public IEnumerable<string> Lines(Remedy remedy) =>
        remedy.Steps.Select(step => step.Operation is null ? step.Words : $"{step.Words}: {Command(step)}");

    /// <summary>The command of a step that leads to an operation.</summary>
    public string Command(RemedyStep step)
    {
        var namesApp = NotOfApp.Contains(step.Operation!) || step.Arguments?.Contains(AppOption) == true;
        return step.CommandLine(
        [
            .. App is { } app && !namesApp ? (string[])[AppOption, app] : [],
            .. Rack is { } rack ? (string[])[RackOption, rack] : [],
        ]);
    }
}
