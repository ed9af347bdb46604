using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Local;

/// <summary>
/// Runs a command as a child of the calling process, with exactly the environment and folder of a running process. Both are read from the
/// kernel, which shows them only to the process's own user, so no value passes through arguments or the daemon.
/// </summary>
internal sealed class LocalExec : IProcessExec
{
    public async Task<int> Run(AppName app, RunningProcess process, ProcessCommand command, IOneOffCaller caller, CancellationToken cancel)
    {
        LocalDaemon.RequireSystem();
        if (!OperatingSystem.IsLinux())
            throw new Problem(
                ProblemCode.NotSupported, "exec needs Linux: other systems don't show the environment of a process.",
                Remedy.Do(Operation.Run, "Run it in a process of its own",
                    [process.Service.ToString(), "--", .. command.Shell is { } text ? [text] : command.Arguments])).ToException();
        var words = StartCommand.For(command);
        var (environment, folder) = Read(process);
        // .NET would search the tool's own folder first.
        var program = words[0].Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, words[0]) : words[0];
        var start = new ProcessStartInfo(program, words.Skip(1)) { WorkingDirectory = folder };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        foreach (var name in ProcessStart.Terminal)
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        cancel.ThrowIfCancellationRequested();
        return await caller.LeaveTo(() => Start(start, caller, cancel));
    }

    /// <summary>
    /// Starts the program. If it can't be started, returns the exit code that a shell would, as for a process of its own.
    /// </summary>
    private static async Task<int> Start(ProcessStartInfo start, IOneOffCaller caller, CancellationToken cancel)
    {
        try
        {
            return await ForegroundProgram.Run(start, p => NativeProcess.kill(p.Id, NativeProcess.SIGTERM), cancel);
        }
        catch (Win32Exception failed)
        {
            caller.Say(
                $"'{start.FileName}' can't be started in {start.WorkingDirectory}: {Reason(failed)}. "
                    + "Name a program of the release's folder (./Shop) or of PATH.");
            return failed.NativeErrorCode == NativeProcess.ENOENT ? ExecShim.NotFound : ExecShim.CannotExecute;
        }
    }

    /// <summary>Returns the system's message alone; the exception's message repeats the program and the folder.</summary>
    private static string Reason(Win32Exception failed) => new Win32Exception(failed.NativeErrorCode).Message;

    /// <summary>
    /// Reads the environment and folder of a process, and checks the process's name in the environment, because its id may have been
    /// reused.
    /// </summary>
    private static (IReadOnlyDictionary<string, string> Environment, string Folder) Read(RunningProcess process)
    {
        try
        {
            if (process.ProcessId is { } id && new FileInfo($"/proc/{id}/cwd").ResolveLinkTarget(false) is { } folder
                && Variables(id) is var variables && variables.GetValueOrDefault(ProcessStart.NameVariable) == process.Id)
                return (variables, folder.FullName);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            throw Ended(process).ToException(gone);
        }

        throw Ended(process).ToException();
    }

    private static Dictionary<string, string> Variables(int id) => File.ReadAllText($"/proc/{id}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).Where(v => v.Length == 2)
        .DistinctBy(v => v[0]).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);

    private static Problem Ended(RunningProcess process) => new(
        ProblemCode.Nothing, $"the process {process.Id} has ended.", Remedy.Do(Operation.ListProcesses, "List processes"));
}
