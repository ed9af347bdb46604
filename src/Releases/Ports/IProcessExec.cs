namespace Releases;

/// <summary>Runs commands beside running processes.</summary>
public interface IProcessExec
{
    /// <summary>
    /// Runs a command with a process's environment, in its folder, on the caller's terminal, and gives its exit code, or 128 and the number
    /// of the signal that ended it. Cancelled, it is ended gracefully. Fails with what keeps it from being started.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="process">The process.</param>
    /// <param name="command">What to run.</param>
    /// <param name="caller">Who waits.</param>
    /// <param name="cancel">Ends it.</param>
    Task<int> Run(AppName app, RunningProcess process, ProcessCommand command, IOneOffCaller caller, CancellationToken cancel);
}
