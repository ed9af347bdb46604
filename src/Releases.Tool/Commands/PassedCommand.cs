using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>A command that is passed on to a process: from its first word on, none is an option of ours.</summary>
internal static class PassedCommand
{
    private const string Words = "command";

    /// <summary>The commands that pass one on.</summary>
    public static IReadOnlyList<string> Takers { get; } = [RunCommand.Name, ExecCommand.Name];

    public static Argument<string[]> Argument() => new(Words)
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Command and its arguments; a single word with spaces runs in sh -c",
    };

    /// <summary>Whether a command line has come to the command that is passed on.</summary>
    public static bool IsIn(CommandResult taker) =>
        taker.Children.OfType<ArgumentResult>().Any(a => a.Argument.Name == Words && a.Tokens.Count > 0);
}
