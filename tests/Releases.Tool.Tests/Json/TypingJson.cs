using System.CommandLine;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A person whose every command asks for JSON, and gets what the schema says or an error as the schema says it.</summary>
public abstract class TypingJson : Typing
{
    private readonly ToolHost _nowhere = new(new FakeTerminal(), TimeProvider.System, "/", _ => null, FakeRackKind.Unopened);

    private protected OutputSchema Schema { get; } = new();

    /// <summary>The outputs that were printed.</summary>
    private protected SortedSet<string> Printed { get; } = new(StringComparer.Ordinal);

    /// <summary>Every command that does something, as it is typed.</summary>
    private protected IEnumerable<string> Commands => Within(Tool.Commands.All(_nowhere)).Where(c => c.Action is not null).Select(Path);

    /// <summary>Types a command with <c>--json</c> and holds all that it prints against the schema.</summary>
    private protected async Task Json(int exit, params string[] words)
    {
        Assert.True(exit == await Type([.. words, "--json"]), $"{string.Join(' ', words)}\n{Data}{Talk}");
        var output = Output(words);
        if (Data.Length > 0) Printed.Add(output);
        foreach (var text in output == "logs -f" ? Data.Split('\n', StringSplitOptions.RemoveEmptyEntries) : Data.Length > 0 ? [Data] : [])
            Schema.RequireOutput(output, text);
        if (exit == 0 && output != "logs -f") Assert.NotEqual("", Data);
        // A check that found something and a plan that would be refused are data, and no error beside it.
        if (exit != 0 && output is not ("rack check" or "releases verify" or "promote --dry-run"))
            Schema.Require(OutputSchema.Error, LastObject(Talk));
    }

    private string Output(string[] words)
    {
        var command = Path(Tool.Commands.All(_nowhere).Parse(words).CommandResult.Command);
        return words.Contains("--dry-run") && command.EndsWith("promote", StringComparison.Ordinal)
            ? "promote --dry-run"
            : words.Contains("-f") && command == "logs" ? "logs -f" : command;
    }

    /// <summary>Where talk comes before it, it begins with the last line that is a brace alone.</summary>
    private static string LastObject(string talk)
    {
        var lines = talk.TrimEnd('\n').Split('\n');
        return string.Join('\n', lines[Array.LastIndexOf(lines, "{")..]);
    }

    private static IEnumerable<Command> Within(Command command) => command.Subcommands.SelectMany(Within).Prepend(command);

    private static string Path(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Where(p => p is not RootCommand).Select(Path).Append(command.Name));
}
