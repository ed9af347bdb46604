namespace Releases;

/// <summary>Runs one-off processes with a release's code and environment, next to the services, for a caller who waits for them.</summary>
public interface IOneOffs
{
    /// <summary>
    /// Runs the process until it ends, and returns its exit code, or 128 plus the number of the signal that ended it. When cancelled before
    /// it starts, it isn't run. When cancelled later, it is ended gracefully and killed after its service's grace period; its exit code is
    /// still returned, unless it ran on another machine, in which case the operation is cancelled. Nothing of it is left then. Fails with
    /// the problem that prevents its start.
    /// </summary>
    Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel);
}

/// <summary>Represents a one-off process.</summary>
/// <param name="App">The app.</param>
/// <param name="Release">The release whose code and environment it gets.</param>
/// <param name="Service">Its service, resolved as for a promotion; a one-off process doesn't serve requests, so it gets no port.</param>
/// <param name="Command">The command to run instead of the service's own.</param>
/// <param name="By">Who requested it.</param>
public sealed record OneOff(App App, Release Release, ServiceSpec Service, ProcessCommand Command, string By)
{
    /// <summary>Whether it is used at a terminal; only a rack that runs it elsewhere needs to know.</summary>
    public bool IsInteractive { get; init; }
}

/// <summary>Represents the caller of a one-off process, with their terminal or pipes.</summary>
public interface IOneOffCaller
{
    /// <summary>
    /// Whether a process can have the caller's terminal or pipes; otherwise it has no input, and its output is printed line by line.
    /// </summary>
    bool HasTerminal { get; }

    /// <summary>Prints a line of the process's output, on racks that receive it as lines. Never called concurrently.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isError">Whether it was printed to standard error; false if the rack doesn't know.</param>
    void Print(string line, bool isError = false);

    /// <summary>Prints a line about the process.</summary>
    void Say(string line);

    /// <summary>
    /// Runs a process of this machine. Until it ends, it has the caller's terminal or pipes, if there are any, and Ctrl-C reaches only the
    /// process. Returns its exit code.
    /// </summary>
    Task<int> LeaveTo(Func<Task<int>> process);
}
