using System.CommandLine;

namespace Releases.Tool;

/// <summary>The words of a command that <c>run</c> and <c>exec</c> run: from its first one on, none is an option of ours.</summary>
internal static class PassthroughArguments
{
    /// <summary>
    /// Puts <c>--</c> before that first word, if nobody did. Which word it is, the parser tells: the one with which the argument
    /// is there. One with a hyphen may as well be a mistyped option, and is left for the parser to refuse.
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
