namespace Releases;

/// <summary>Runs one-off processes: a release's code and environment, next to the services, for a caller who waits for them.</summary>
public interface IOneOffs
{
    /// <summary>
    /// Runs it until it ends and gives its exit code, or 128 and the number of the signal that ended it. Cancelled before it runs, it
    /// is not run; cancelled later, it is ended gracefully, killed after its service's grace, and its exit code is
    /// still given, or the cancellation where it did not run on this machine. Nothing of it is left then. Fails with what keeps it from
    /// being started.
    /// </summary>
    Task<int> Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel);
}

/// <summary>What is run.</summary>
/// <param name="App">The app.</param>
/// <param name="Release">The release whose code and environment it gets.</param>
/// <param name="Service">Its service, resolved as for a promotion; a one-off serves nothing, so it gets no port.</param>
/// <param name="Command">What is run instead of the service's own command.</param>
/// <param name="By">Who asks.</param>
public sealed record OneOff(App App, Release Release, ServiceSpec Service, ProcessCommand Command, string By)
{
    /// <summary>Whether it is used at a terminal, on a rack that has to be asked for that: one that runs it elsewhere.</summary>
    public bool IsInteractive { get; init; }
}

/// <summary>Whoever waits for a one-off, with their terminal or pipes.</summary>
public interface IOneOffCaller
{
    /// <summary>Whether a process can have the caller's terminal or pipes; else it has no input, and its lines are printed.</summary>
    bool HasTerminal { get; }

    /// <summary>A line that the process printed, where a rack has it as lines. One call at a time.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isError">Whether it was printed to standard error; false where a rack doesn't know.</param>
    void Print(string line, bool isError = false);

    /// <summary>A line about the process.</summary>
    void Say(string line);

    /// <summary>
    /// A process of this machine begins. Until it ends, it has the caller's terminal or pipes, if there are any: Ctrl-C is for it alone.
    /// Gives its exit code.
    /// </summary>
    Task<int> LeaveTo(Func<Task<int>> process);
}
