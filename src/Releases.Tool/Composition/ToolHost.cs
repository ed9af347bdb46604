namespace Releases.Tool;

/// <summary>Represents everything that the tool takes from its environment, so that every command can run in a test.</summary>
/// <param name="Terminal">The terminal.</param>
/// <param name="Time">The clock.</param>
/// <param name="CurrentFolder">The current folder, or null if it was deleted or can't be accessed.</param>
/// <param name="Variable">Returns a variable of the process's environment, or null if it isn't set.</param>
/// <param name="Racks">The available kinds of racks.</param>
internal sealed record ToolHost(
    ITerminal Terminal, TimeProvider Time, string? CurrentFolder, Func<string, string?> Variable, RackKinds Racks)
{
    /// <summary>Gets the current folder. Fails with <see cref="ProblemCode.Usage"/> if there is none.</summary>
    public string Folder => CurrentFolder ?? throw new Problem(
        ProblemCode.Usage, "the current folder was deleted, or this user can't access it; nothing changed.",
        "Change to another folder: cd ~", ProblemKind.Usage).ToException();

    /// <summary>Gets the function that runs a program that shares the terminal and leaves Ctrl-C to it meanwhile.</summary>
    public Func<Func<Task>, Task> LeaveTo { get; init; } = program => program();

    /// <summary>Gets the function that lets the user edit a file and completes when they are done.</summary>
    public Func<string, CancellationToken, Task> Edit { get; init; } = (_, _) =>
        throw new InvalidOperationException("There is no terminal to edit on.");

    /// <summary>Gets the function that runs the SDK.</summary>
    public RunDotnet Dotnet { get; init; } = (_, _, _) => throw new InvalidOperationException("There is no SDK.");

    /// <summary>Gets the function that opens a file in the user's browser and returns why that failed, or null.</summary>
    public Func<string, string?> Browse { get; init; } = _ => null;
}
