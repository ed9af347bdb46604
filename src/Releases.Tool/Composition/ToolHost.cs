namespace Releases.Tool;

/// <summary>Everything that the tool takes from host, so that every command can be run in a test.</summary>
/// <param name="Terminal">Where it talks.</param>
/// <param name="Time">The clock.</param>
/// <param name="Folder">The current folder.</param>
/// <param name="Variable">Looks a variable of the process's environment up.</param>
/// <param name="Racks">The kinds of racks that there are.</param>
internal sealed record ToolHost(
    ITerminal Terminal, TimeProvider Time, string Folder, Func<string, string?> Variable, RackKinds Racks)
{
    /// <summary>Runs a program that shares the terminal, and leaves Ctrl-C to it meanwhile.</summary>
    public Func<Func<Task>, Task> LeaveTo { get; init; } = program => program();

    /// <summary>Lets the user edit a file; returns when they are done.</summary>
    public Func<string, CancellationToken, Task> Edit { get; init; } = (_, _) =>
        throw new InvalidOperationException("There is no terminal to edit on.");

    /// <summary>Runs the SDK.</summary>
    public RunDotnet Dotnet { get; init; } = (_, _, _) => throw new InvalidOperationException("There is no SDK.");

    /// <summary>Shows a file in the user's browser; returns what kept it from that.</summary>
    public Func<string, string?> Browse { get; init; } = _ => null;
}
