using System.CommandLine;

namespace Releases.Tool;

/// <summary>A number below zero after an option that takes one: the parser would take it for another option.</summary>
internal static class NegativeNumbers
{
    /// <summary>Joins each with its option, so that the option can say what it takes.</summary>
    public static string[] Join(string[] args, Command root)
    {
        var joined = new List<string>();
        var isOurs = true;
        foreach (var word in args)
        {
            isOurs &= word != "--";
            if (isOurs && joined is [.., ['-', _, ..] option] && IsValue(word, option, root)) joined[^1] = $"{option}={word}";
            else joined.Add(word);
        }

        return [.. joined];
    }

    /// <summary>Whether a word is such a number after an option of the command, or of one below it.</summary>
    public static bool IsValue(string word, string? option, Command command) =>
        word is ['-', >= '0' and <= '9', ..] && option is not null && TakesNumber(command, option);

    private static bool TakesNumber(Command command, string name) =>
        command.Options.Any(o => (o.Name == name || o.Aliases.Contains(name))
            && (o.ValueType == typeof(int) || o.ValueType == typeof(int?) || o.ValueType == typeof(TimeSpan?)))
        || command.Subcommands.Any(c => TakesNumber(c, name));
}
