using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Releases.Tool;

/// <summary>Describes what is wrong with a command line, in one sentence that suggests the nearest known name.</summary>
internal static class UsageErrors
{
    /// <summary>Returns the problem, or null if there is none.</summary>
    /// <param name="args">The words of the command line.</param>
    /// <param name="parsed">What the parser made of them.</param>
    public static Problem? Find(string[] args, ParseResult parsed)
    {
        if (parsed.Action is PrintHelp && WrongCommand(parsed) is { } wrong) return Unknown(wrong, parsed);
        if (parsed.Action is { ClearsParseErrors: true }) return null;
        if (FirstUnknown(args, parsed) is { } unknown) return Unknown(unknown, parsed);
        // An option without a value is the cause of a command that is missing after it.
        var error = parsed.Errors.OrderBy(e => e.SymbolResult is OptionResult { IdentifierToken: not null } ? 0 : 1).FirstOrDefault();
        return error is null ? null : Usage(Sentence(error), Help(parsed.CommandResult.Command));
    }

    /// <summary>
    /// Returns the first word that the command doesn't take: a mistyped option that the parser accepted as an argument makes the next one
    /// too many.
    /// </summary>
    private static string? FirstUnknown(string[] args, ParseResult parsed)
    {
        string[] unknown = [.. parsed.UnmatchedTokens.Take(1), .. Swallowed(args, parsed) is { } swallowed ? (string[])[swallowed] : []];
        return unknown.Length == 0 ? null : parsed.Tokens.Select(t => t.Value).FirstOrDefault(unknown.Contains) ?? unknown[0];
    }

    /// <summary>Returns the option right before a word, which took the word as its value.</summary>
    private static string? Before(string word, ParseResult parsed) =>
        parsed.Tokens.TakeWhile(t => t.Type != TokenType.Argument || t.Value != word).LastOrDefault() is { Type: TokenType.Option } option
            ? option.Value
            : null;

    /// <summary>Returns the unknown command for which help is requested, or null.</summary>
    private static string? WrongCommand(
        ParseResult parsed) => parsed.CommandResult.Command is { Subcommands.Count: > 0, Arguments.Count: 0 }
        ? parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-'))
        : null;

    /// <summary>
    /// Returns a mistyped option that the parser accepted as an argument, or null. An argument with a leading hyphen belongs after
    /// <c>--</c>.
    /// </summary>
    private static string? Swallowed(string[] args, ParseResult parsed) => parsed.Tokens
        .TakeWhile(t => t.Type != TokenType.DoubleDash)
        .FirstOrDefault(t => t is { Type: TokenType.Argument, Value: ['-', _, ..] }
            && !IsValue(t.Value, Before(t.Value, parsed), args, parsed.CommandResult.Command))?.Value;

    /// <summary>
    /// Determines whether a word with a leading hyphen is the value of the option before it. A text is one, unless it looks like a mistyped
    /// option behind one whose value was forgotten; after <c>=</c> every text is.
    /// </summary>
    private static bool IsValue(string word, string? option, string[] args, Command command) =>
        NegativeNumbers.IsValue(word, option, command)
        || (option is not null && OptionsOf(command).Any(o => Names(o).Contains(option)
            && (o.ValueType == typeof(string) || o.ValueType == typeof(string[])))
            && (args.Contains($"{option}={word}") || args.Contains($"{option}:{word}") || !IsLikeOption(word, command)));

    private static bool IsLikeOption(string word, Command command) =>
        word.StartsWith("--", StringComparison.Ordinal) && NearestName.Find(word, Options(command)) is not null;

    private static Problem Unknown(string word, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var isOption = word.StartsWith('-');
        var hasCommands = command.Subcommands.Count > 0 && command.Arguments.Count == 0;
        if (parsed.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).Any(t => t.Value == word)
            && (isOption ? Options(command) : command.Subcommands.Select(c => c.Name)).Contains(word))
            return Usage($"'{word}' comes after '--', where it is only text.", "Put it before '--'.");
        if (!isOption && hasCommands && CommandAliases.Meant(command, [.. parsed.UnmatchedTokens.SkipWhile(t => t != word)]) is { } meant)
            return Usage($"'{word}' is not a command{Where(command)}.", $"Did you mean: {CommandPath.Program} {meant}");
        if (isOption && Options(command).Contains(word) && Before(word, parsed) is { } hungry)
            return Usage($"{hungry} needs a value.", Help(command));
        if (isOption && int.TryParse(word, out _) && command.Arguments.FirstOrDefault(a => a.ValueType == typeof(int?)) is { } counted)
            return Usage($"<{counted.Name}> must be at least 0, not {word}.", Help(command));
        // A number such as -1 isn't a mistyped option.
        var near = int.TryParse(word, out _)
            ? null
            : NearestName.Find(word, isOption ? Options(command) : command.Subcommands.Select(c => c.Name));
        var message = isOption ? $"'{word}' is not an option{Where(command)}."
            : hasCommands ? $"'{word}' is not a command{Where(command)}."
            : $"'{word}' is one argument too many for '{CommandPath.Of(command)}'.";
        var suggestion = near is null
            ? Help(command)
            : isOption ? $"Did you mean {near}?" : $"Did you mean: {CommandPath.Typed(command.Subcommands.First(c => c.Name == near))}";
        return Usage(message, suggestion);
    }

    /// <summary>Returns the parser's message, reworded for users where it mentions types or symbols.</summary>
    private static string Sentence(ParseError error) => error.SymbolResult switch
    {
        CommandResult { Command: RootCommand root } => $"specify a command: {string.Join(", ", root.Subcommands.Select(c => c.Name))}.",
        CommandResult { Command: { Subcommands.Count: > 0, Action: null } command } =>
            $"'{CommandPath.Of(command)}' needs a subcommand: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.",
        ArgumentResult { Argument: var argument, Tokens.Count: 0, Parent: CommandResult parent } =>
            $"'{CommandPath.Of(parent.Command)}' needs <{argument.Name}>.",
        OptionResult { Option: { Required: true } option, IdentifierToken: null, Parent: CommandResult parent } =>
            $"'{CommandPath.Of(parent.Command)}' needs {option.Name} <{option.HelpName}>.",
        OptionResult { Option: var option, Tokens: [] } => $"{option.Name} needs a value.",
        OptionResult { Option: var option, Tokens: [_, _, ..] } => $"{option.Name} was given more than once.",
        OptionResult { Option: (Option<int> or Option<int?>) and var option, Tokens: [var token] } when !int.TryParse(token.Value, out _) =>
            $"{option.Name} takes a number, not '{token.Value}'.",
        ArgumentResult
        {
            Argument: (Argument<int> or Argument<int?>) and var argument,
            Tokens: [var token]
        } when !int.TryParse(token.Value, out _) => $"<{argument.Name}> takes a number, not '{token.Value}'.",
        OptionResult { Option: var option, Tokens: [var token] }
            when Words(option) is [.., var last] words && !words.Contains(token.Value) =>
            $"{option.Name} is {string.Join(", ", words[..^1])} or {last}, not '{token.Value}'.",
        _ => error.Message,
    };

    /// <summary>Returns the only values that an option takes; empty if it takes others.</summary>
    private static string[] Words(Option option) =>
        [.. option.CompletionSources.SelectMany(s => s(CompletionContext.Empty)).Select(c => c.Label)];

    private static IEnumerable<string> Options(Command command) => OptionsOf(command).SelectMany(Names).Where(n => n.StartsWith('-'));

    private static IEnumerable<Option> OptionsOf(Command command) =>
        CommandPath.Ancestry(command).SelectMany(c => c == command ? c.Options : c.Options.Where(o => o.Recursive));

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static string Where(Command command) => command is RootCommand ? "" : $" of '{CommandPath.Of(command)}'";

    private static string Help(Command command) => $"See: {CommandPath.Typed(command)} --help";

    private static Problem Usage(string message, string remedy) => new(ProblemCode.Usage, message, remedy, ProblemKind.Usage);
}
