using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Releases.Tool;

/// <summary>What a person may type, and why.</summary>
/// <param name="Line">The whole line, as it is typed.</param>
/// <param name="What">What it does; null: the command's description says it.</param>
internal sealed record Example(string Line, string? What);

/// <summary>What a command's help tells that the parser does not know.</summary>
internal sealed class CommandNotes
{
    private static readonly ConditionalWeakTable<Command, CommandNotes> Notes = [];

    public List<Example> Examples { get; } = [];

    /// <summary>The heading that it stands under in the list of commands.</summary>
    public string? Group { get; set; }

    public static CommandNotes Of(Command command) => Notes.GetValue(command, _ => new());
}

/// <summary>How notes are taken where a command is defined.</summary>
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
