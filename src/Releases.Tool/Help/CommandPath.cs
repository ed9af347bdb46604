using System.CommandLine;

namespace Releases.Tool;

/// <summary>The place of a command in the tree of commands.</summary>
internal static class CommandPath
{
    /// <summary>What is typed before every command.</summary>
    public const string Program = "dotnet convox";

    /// <summary>The words that lead to a command, without the program's own name.</summary>
    public static string Of(Command command) =>
        string.Join(' ', Ancestry(command).Reverse().Where(c => c is not RootCommand).Select(c => c.Name));

    /// <summary>The words that lead to it, with the program's.</summary>
    public static string Typed(Command command) => $"{Program} {Of(command)}".TrimEnd();

    /// <summary>The command itself, the one it belongs to, and so on up to the root.</summary>
    public static IEnumerable<Command> Ancestry(Command command)
    {
        for (var c = command; c is not null; c = c.Parents.OfType<Command>().FirstOrDefault()) yield return c;
    }
}
