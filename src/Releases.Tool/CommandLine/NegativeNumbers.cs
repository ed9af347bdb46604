using System.CommandLine;

namespace Releases.Tool;

/// <summary>Handles negative numbers after options that take a number, because the parser would treat them as options.</summary>
internal static class NegativeNumbers
{
    /// <summary>Joins each negative number with its option, so that the option itself can report which values it accepts.</summary>
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

    /// <summary>
    /// Determines whether a word is a negative number that follows a numeric option of the command or of one of its subcommands.
    /// </summary>
    public static bool IsValue(string word, string? option, Command command) =>
        word is ['-', >= '0' and <= '9', ..] && option is not null && TakesNumber(command, option);

    private static bool TakesNumber(Command command, string name) =>
        command.Options.Any(o => (o.Name == name || o.Aliases.Contains(name))
            && (o.ValueType == typeof(int) || o.ValueType == typeof(int?) || o.ValueType == typeof(TimeSpan?)))
        || command.Subcommands.Any(c => TakesNumber(c, name));
}
