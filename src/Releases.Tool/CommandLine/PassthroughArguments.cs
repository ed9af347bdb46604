using System.CommandLine;

namespace Releases.Tool;

/// <summary>
/// Separates the command that <c>run</c> and <c>exec</c> run from the tool's own options: from the command's first word on, no word is an
/// option of the tool.
/// </summary>
internal static class PassthroughArguments
{
    /// <summary>
    /// Inserts <c>--</c> before the command's first word, unless it is already there. That is the word at which the parser first finds the
    /// argument. If it begins with a hyphen, it may be a mistyped option, which the parser rejects.
    /// </summary>
    public static string[] Guard(string[] args, Func<string[], ParseResult> parse)
    {
        if (!args.Any(PassedCommand.Takers.Contains)) return args;
        for (var at = 0; at < args.Length && args[at] != "--"; at++)
            if (parse(args[..(at + 1)]) is { CommandResult: var taker } && PassedCommand.Takers.Contains(taker.Command.Name)
                && PassedCommand.IsIn(taker))
                return args[at].StartsWith('-') ? args : [.. args[..at], "--", .. args[at..]];
        return args;
    }
}
