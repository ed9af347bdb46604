using System.CommandLine;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>What is wrong with a command line, in one sentence that names the nearest thing known.</summary>
internal static class UsageErrors
{
    /// <summary>The problem, or null.</summary>
    public static Problem? Find(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true }) return null;
        if ((parsed.UnmatchedTokens is [var first, ..] ? first : Swallowed(parsed)) is { } unknown) return Unknown(unknown, parsed.CommandResult.Command);
        return parsed.Errors is [var error, ..] ? Usage(Sentence(error), Help(parsed.CommandResult.Command)) : null;
    }

    /// <summary>The parser takes a mistyped option for an argument where one may come; whoever means a leading hyphen says <c>--</c> first.</summary>
    private static string? Swallowed(ParseResult parsed) => parsed.Tokens
        .TakeWhile(t => t.Type != TokenType.DoubleDash)
        .FirstOrDefault(t => t is { Type: TokenType.Argument, Value: ['-', _, ..] })?.Value;

    private static Problem Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var near = NearestKey.Of(word, isOption ? Options(command) : command.Subcommands.Select(c => c.Name));
        var where = command is RootCommand ? "" : $" of '{Path(command)}'";
        var message = isOption ? $"'{word}' is not an option{where}."
            : command.Subcommands.Count > 0 && command.Arguments.Count == 0 ? $"'{word}' is not a command{where}."
            : $"'{word}' is one argument too many for '{Path(command)}'.";
        var suggestion = near is null ? Help(command) : isOption ? $"Did you mean {near}?" : $"Did you mean: dotnet convox {Path(command.Subcommands.First(c => c.Name == near))}";
        return Usage(message, suggestion);
    }

    /// <summary>The parser's own sentence, where it speaks of types as programmers do put into the words of the person.</summary>
    private static string Sentence(ParseError error) => error.SymbolResult switch
    {
        CommandResult { Command: RootCommand root } => $"A command is needed: {string.Join(", ", root.Subcommands.Select(c => c.Name))}.",
        CommandResult { Command: { Subcommands.Count: > 0, Action: null } command } => $"'{Path(command)}' needs one of its commands: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.",
        ArgumentResult { Argument: var argument, Tokens.Count: 0, Parent: CommandResult parent } => $"'{Path(parent.Command)}' needs <{argument.Name}>.",
        OptionResult { Option: var option, Tokens: [] } => $"{option.Name} needs a value.",
        OptionResult { Option: var option, Tokens: [_, _, ..] } => $"{option.Name} was given more than once.",
        OptionResult { Option: (Option<int> or Option<int?>) and var option, Tokens: [var token] } when !int.TryParse(token.Value, out _) => $"{option.Name} takes a number, and '{token.Value}' is none.",
        ArgumentResult { Argument: (Argument<int> or Argument<int?>) and var argument, Tokens: [var token] } when !int.TryParse(token.Value, out _) => $"<{argument.Name}> takes a number, and '{token.Value}' is none.",
        _ => error.Message,
    };

    private static IEnumerable<string> Options(Command command) => Ancestry(command)
        .SelectMany(c => c == command ? c.Options : c.Options.Where(o => o.Recursive)).SelectMany(o => o.Aliases.Prepend(o.Name)).Where(n => n.StartsWith('-'));

    private static string Help(Command command) => $"See: dotnet convox {Path(command)}{(command is RootCommand ? "" : " ")}--help";

    /// <summary>The words that lead to a command, without the program's own name.</summary>
    private static string Path(Command command) => string.Join(' ', Ancestry(command).Reverse().Where(c => c is not RootCommand).Select(c => c.Name));

    private static IEnumerable<Command> Ancestry(Command command)
    {
        for (var c = command; c is not null; c = c.Parents.OfType<Command>().FirstOrDefault()) yield return c;
    }

    private static Problem Usage(string message, string remedy) => new(ProblemCode.Usage, message, remedy, ProblemKind.Usage);
}
