namespace Releases;

/// <summary>Formats remedies as commands that work when they are pasted, with the app and the rack that were passed to this call.</summary>
/// <param name="App">The app that was passed, or null if it wasn't.</param>
/// <param name="Rack">The rack that was passed, or null if it wasn't.</param>
internal sealed record RemedyText(string? App, string? Rack)
{
    /// <summary>The program, as it is typed.</summary>
    public const string Program = "dotnet convox";

    private static readonly HashSet<string> NotOfApp = [.. Operation.All.Where(o => !o.OfApp || o.NamesApp).Select(o => o.Name)];

    private static readonly HashSet<string> MakesApp = [Operation.Build.Name, Operation.Deploy.Name];

    /// <summary>
    /// Returns the app to name in a command that may make it, because the folder's name can't be its name; null if none has to be named.
    /// </summary>
    public Func<string?> NewApp { get; init; } = () => null;

    /// <summary>Formats what to change about this call, or returns null where it can't be; by default as options of a command.</summary>
    public Func<RemedyOption, string?> Change { get; init; } = AsOption;

    /// <summary>Formats an option to pass or leave out: <c>pass --wait-lock 10m</c>.</summary>
    public static string AsOption(RemedyOption option) =>
        $"{(option.IsLeftOut ? "leave out" : "pass")} {Words([new OperationOption(option.Name), option.Value])}";

    /// <summary>Returns a remedy on one line, or null if there is none.</summary>
    public string? Line(Remedy? remedy) => remedy?.Join(Text);

    /// <summary>Returns a problem's message and remedy on one line.</summary>
    public string Line(Problem problem) => $"{problem.Text} {Line(problem.Remedy)}".TrimEnd();

    /// <summary>Returns one line for each step; a command is at the end of its line.</summary>
    public IEnumerable<string> Lines(Remedy remedy) => remedy.Steps.Select(Text).OfType<string>();

    /// <summary>Returns the command of a step that refers to an operation, quoted for a shell.</summary>
    public string Command(RemedyStep step)
    {
        var arguments = step.Arguments ?? [];
        // What follows -- is for another program.
        var own = arguments.TakeWhile(a => a != "--").ToList();
        var namesApp = NotOfApp.Contains(step.Operation!) || own.Contains(OperationOption.App);
        var named = App ?? (MakesApp.Contains(step.Operation!) ? NewApp() : null);
        string?[] place =
        [
            .. named is { } app && !namesApp ? (string[])[OperationOption.App, app] : [],
            .. Rack is { } rack && !own.Contains(OperationOption.Rack) ? (string[])[OperationOption.Rack, rack] : [],
        ];
        return $"{Program} {step.Operation} {Words([.. own, .. place, .. arguments.Skip(own.Count)])}".TrimEnd();
    }

    private string? Text(RemedyStep step) => step switch
    {
        { Option: { } option } => Change(option) is { } change ? $"{step.Words}: {change}" : null,
        { Operation: not null } => $"{step.Words}: {Command(step)}",
        _ => step.Words,
    };

    private static string Words(IEnumerable<string?> words) => string.Join(' ', words.OfType<string>().Select(ShellWord.Quoted));
}
