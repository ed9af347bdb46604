namespace Releases;

/// <summary>Formats remedies as commands that work when they are pasted, with the app and the rack that were passed to this call.</summary>
/// <param name="App">The value of <c>--app</c>, or null if it wasn't passed.</param>
/// <param name="Rack">The value of <c>--rack</c>, or null if it wasn't passed.</param>
public sealed record RemedyText(string? App, string? Rack)
{
    private const string AppOption = "--app", RackOption = "--rack";

    private static readonly HashSet<string> NotOfApp = [.. Operation.All.Where(o => !o.OfApp || o.NamesApp).Select(o => o.Name)];

    /// <summary>Returns a remedy on one line, or null if there is none.</summary>
    public string? Line(Remedy? remedy) => remedy?.ToLine(Command);

    /// <summary>Returns a problem's message and remedy on one line.</summary>
    public string Line(Problem problem) =>
        problem.Remedy is { } remedy ? $"{problem.Message} {remedy.ToLine(Command)}" : problem.Message;

    /// <summary>Returns one line for each step; a command is at the end of its line.</summary>
    public IEnumerable<string> Lines(Remedy remedy) =>
        remedy.Steps.Select(step => step.Operation is null ? step.Words : $"{step.Words}: {Command(step)}");

    /// <summary>Returns the command of a step that refers to an operation.</summary>
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
