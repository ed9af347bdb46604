namespace Releases.Tool;

/// <summary>
/// Reads the variables on a command line: from files, from standard input, and one by one. If a key is repeated, the last one in this order
/// wins.
/// </summary>
internal sealed class VariableArguments(Invocation call)
{
    private const string NoFile = "Name the file after @. For the text @ itself: echo 'KEY=@' | dotnet convox env set -";

    private const string NotAFile =
        "Pass another file. For a value that begins with @: echo 'KEY=@value' | dotnet convox env set -";

    public EnvironmentSet Of(string[] arguments, string[] files)
    {
        List<KeyValuePair<string, string>> inFiles = [.. files.SelectMany(File)];
        List<KeyValuePair<string, string>> given = [.. arguments.Where(a => a != StandardInput.Argument).Select(Pair)];
        var piped = arguments.Contains(StandardInput.Argument) || arguments.Length + files.Length == 0 ? Piped() : [];
        var variables = EnvironmentSet.Of([.. inFiles, .. piped, .. given]);
        return variables.Count > 0 ? variables : throw Wrong("no variables given; nothing changed.");
    }

    private IReadOnlyList<KeyValuePair<string, string>> Piped()
    {
        if (call.Terminal.InIsTerminal) call.Terminal.Say("Enter KEY=value, one per line. Press Ctrl-D when done.");
        return StandardInput.Read(call.Terminal, ProblemCode.Environment, input =>
        {
            const string source = "standard input";
            // A person at a terminal learns of a malformed line when it is typed.
            if (call.Terminal.InIsTerminal) return EnvironmentText.Read(input, source, Note);
            using var lines = new StringReader(EnvironmentText.Lines(EnvironmentText.ReadAll(input, source)));
            return EnvironmentText.Read(lines, source, Note);
        });
    }

    private IReadOnlyList<KeyValuePair<string, string>> File(string path)
    {
        if (path == StandardInput.Argument)
            throw Wrong("--file takes a file, not standard input; nothing changed.", "Pass - without --file: dotnet convox env set -");
        using var reader = new StringReader(EnvironmentText.Lines(Text(path, "Pass another file.")));
        return EnvironmentText.Read(reader, $"'{path}'", Note);
    }

    private void Note(string note) => call.Terminal.Say($"warning: {note}");

    private KeyValuePair<string, string> Pair(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw Wrong("an argument isn't KEY=value; nothing changed.");
        var value = argument[(at + 1)..];
        // As with KEY=@$FILE and a variable that isn't set.
        if (value == "@") throw Wrong($"{SafeText.Line(argument)} names no file; nothing changed.", NoFile);
        return new(argument[..at], value is ['@', ..] ? WithoutLastLineBreak(Text(value[1..], NotAFile)) : value);
    }

    private string Text(string path, string remedy)
    {
        try
        {
            return EnvironmentText.ReadFile(Path.Combine(call.Folder, path), $"'{path}'");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new Problem(
                ProblemCode.Environment,
                $"'{path}' can't be read: {FailureReason.OfFile(unreadable, Path.Combine(call.Folder, path))}; nothing changed.",
                remedy, ProblemKind.Usage).ToException(unreadable);
        }
    }

    /// <summary>Removes the line break that editors and <c>echo</c> add to the end of a file, which isn't part of a secret.</summary>
    private static string WithoutLastLineBreak(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    private static ProblemException Wrong(string message) =>
        Wrong(message, Remedy.Do(Operation.SetEnvironment, "For example", "NAME=value"));

    private static ProblemException Wrong(string message, Remedy? remedy) =>
        new Problem(ProblemCode.Usage, message, remedy, ProblemKind.Usage).ToException();
}
