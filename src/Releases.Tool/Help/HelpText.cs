using System.CommandLine;
using System.CommandLine.Help;

namespace Releases.Tool;

/// <summary>Builds the help of a command: what it does, its usage, examples, and all of its arguments and options.</summary>
internal static class HelpText
{
    public static HelpPage Of(Command command)
    {
        var page = new HelpPage();
        page.AddText(command.Description ?? "");
        page.AddLines("Usage", Usages(command));
        page.AddExamples(CommandNotes.Of(command).Examples);
        foreach (var group in command.Subcommands.Where(c => !c.Hidden).GroupBy(c => CommandNotes.Of(c).Group ?? "Commands"))
            page.AddRows(group.Key, group.Select(c => (c.Name, c.Description ?? "")));
        page.AddRows("Arguments", command.Arguments.Select(a => (Name(a), a.Description ?? "")));
        page.AddRows("Options", command.Options.Where(o => o is { Recursive: false, Hidden: false }).Select(Row));
        page.AddRows("Global options", CommandPath.Ancestry(command).SelectMany(c => c.Options)
            .Where(o => o is { Recursive: true, Hidden: false }).OrderBy(o => o is HelpOption).Select(Row));
        if (command.Subcommands.Count > 0) page.AddText($"Help for a command: {CommandPath.Typed(command)} <command> --help");
        return page;
    }

    private static IEnumerable<string> Usages(Command command)
    {
        if (command.Action is not null) yield return string.Join(' ', Words(command));
        if (command.Subcommands.Count > 0) yield return $"{CommandPath.Typed(command)} <command> [options]";
    }

    private static IEnumerable<string> Words(Command command) =>
    [
        CommandPath.Typed(command),
        .. command.Arguments.Select(a => (a.Arity.MinimumNumberOfValues, a.Arity.MaximumNumberOfValues) switch
        {
            (0, 1) => $"[{Name(a)}]",
            (0, _) => $"[{Name(a)}...]",
            (_, 1) => Name(a),
            _ => $"{Name(a)}...",
        }),
        .. command.Options.Where(o => o.Required).Select(o => $"{o.Name} <{o.HelpName}>"),
        "[options]",
    ];

    /// <summary>
    /// Returns the name of an argument: in angle brackets if it has to be replaced, and without brackets if it is typed literally or has a
    /// form such as <c>KEY=value</c>.
    /// </summary>
    private static string Name(Argument argument) =>
        argument.Name.Contains('=', StringComparison.Ordinal) || argument.HelpName == argument.Name ? argument.Name : $"<{argument.Name}>";

    private static (string, string) Row(Option option)
    {
        var shortForm = option.Aliases.FirstOrDefault(a => a is ['-', not '-' and not '?']);
        var value = option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" <{option.HelpName}>";
        var usual = option.HasDefaultValue && option.GetDefaultValue() is int number ? $" (default {number})" : "";
        return ($"{(shortForm is null ? "    " : shortForm + ", ")}{option.Name}{value}",
            option.Description + usual + (option.Required ? " (required)" : ""));
    }
}
