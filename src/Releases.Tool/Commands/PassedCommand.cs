using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>
/// Represents the command that <c>run</c> and <c>exec</c> pass on: from its first word on, no word is an option of the tool.
/// </summary>
internal static class PassedCommand
{
    private const string Words = "command";

    /// <summary>Gets the names of the commands that pass one on.</summary>
    public static IReadOnlyList<string> Takers { get; } = [RunCommand.Name, ExecCommand.Name];

    public static Argument<string[]> Argument() => new(Words)
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Command and its arguments; a single word with spaces runs in sh -c",
    };

    /// <summary>Determines whether the parsed words reach into the command that is passed on.</summary>
    public static bool IsIn(CommandResult taker) =>
        taker.Children.OfType<ArgumentResult>().Any(a => a.Argument.Name == Words && a.Tokens.Count > 0);
}
