using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>Represents an example of a command line.</summary>
/// <param name="Line">The complete command line.</param>
/// <param name="What">What it does, or null if the command's description explains it.</param>
internal sealed record Example(string Line, string? What);

/// <summary>Represents the parts of a command's help that the parser doesn't know.</summary>
internal sealed class CommandNotes
{
    private static readonly ConditionalWeakTable<Command, CommandNotes> Notes = [];

    public List<Example> Examples { get; } = [];

    /// <summary>Gets or sets the heading of the command's group in the list of commands.</summary>
    public string? Group { get; set; }

    public static CommandNotes Of(Command command) => Notes.GetValue(command, _ => new());
}

/// <summary>Provides extension methods that add help to commands where they are defined.</summary>
internal static class NoteTaking
{
    /// <summary>Adds an example to the command's help.</summary>
    public static Command Example(this Command command, string line, string? what = null)
    {
        CommandNotes.Of(command).Examples.Add(new(line, what));
        return command;
    }

    /// <summary>Adds commands under one heading.</summary>
    public static void AddGroup(this Command command, string heading, params Command[] inner)
    {
        foreach (var one in inner)
        {
            CommandNotes.Of(one).Group = heading;
            command.Add(one);
        }
    }
}
