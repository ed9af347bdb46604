using System.CommandLine;

namespace Releases.Tool;

/// <summary>Provides the path of a command in the tree of commands.</summary>
internal static class CommandPath
{
    /// <summary>The words before every command.</summary>
    public const string Program = RemedyText.Program;

    /// <summary>Returns the words of a command, without the program's name.</summary>
    public static string Of(Command command) =>
        string.Join(' ', Ancestry(command).Reverse().Where(c => c is not RootCommand).Select(c => c.Name));

    /// <summary>Returns the words of a command, with the program's name.</summary>
    public static string Typed(Command command) => $"{Program} {Of(command)}".TrimEnd();

    /// <summary>Returns the command, its parent, and so on up to the root.</summary>
    public static IEnumerable<Command> Ancestry(Command command)
    {
        for (var c = command; c is not null; c = c.Parents.OfType<Command>().FirstOrDefault()) yield return c;
    }
}
