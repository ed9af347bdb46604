using System.CommandLine;
using System.Text.RegularExpressions;
using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>The tree of commands as the tool has it.</summary>
internal static partial class EveryCommand
{
    public static RootCommand Root() =>
        Commands.All(new(new FakeTerminal(), TimeProvider.System, "/", _ => null, FakeRackKind.Unopened));

    public static IEnumerable<Command> Of(Command command) => command.Subcommands.SelectMany(Of).Prepend(command);

    /// <summary>What its examples say to the tool, without the shell's own signs around them.</summary>
    public static IEnumerable<string> Examples(Command command) => CommandNotes.Of(command).Examples.Select(e => Typed().Match(e.Line))
        .Where(m => m.Success).Select(m => m.Groups["words"].Value.Trim());

    /// <summary>What its page of help is called.</summary>
    public static string PageName(Command command) => command is RootCommand ? "convox" : CommandPath.Of(command);

    [GeneratedRegex("""dotnet[ -]convox ?(?<words>(?:"[^"]*"|[^|>)"])*)""")]
    private static partial Regex Typed();
}
