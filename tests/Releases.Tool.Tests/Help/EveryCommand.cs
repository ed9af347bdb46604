using System.CommandLine;
using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>The tree of commands as the tool has it.</summary>
internal static class EveryCommand
{
    public static RootCommand Root() =>
        Commands.All(new(new FakeTerminal(), TimeProvider.System, "/", _ => null, FakeRackKind.Unopened));

    public static IEnumerable<Command> Of(Command command) => command.Subcommands.SelectMany(Of).Prepend(command);

    /// <summary>What its page of help is called.</summary>
    public static string PageName(Command command) => command is RootCommand ? "convox" : CommandPath.Of(command);
}
