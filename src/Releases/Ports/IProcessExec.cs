namespace Releases;

/// <summary>Runs commands beside running processes.</summary>
public interface IProcessExec
{
    /// <summary>
    /// Runs a command in the folder and with the environment of a process, on the caller's terminal, and returns its exit code, or 128 plus
    /// the number of the signal that ended it. When cancelled, it is ended gracefully. Fails with the problem that prevents its start.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="process">The process.</param>
    /// <param name="command">The command to run.</param>
    /// <param name="caller">The caller, with their terminal or pipes.</param>
    /// <param name="cancel">Cancels the command.</param>
    Task<int> Run(AppName app, RunningProcess process, ProcessCommand command, IOneOffCaller caller, CancellationToken cancel);
}
