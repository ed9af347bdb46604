using System.Globalization;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// Implements <c>dotnet-convox __attend PID LOCK GRACE FOLDER program args…</c>: runs a one-off process and ends all of its descendants
/// when it exits, or when the command that started it is gone for whatever reason. All of them are in the terminal's foreground, so Ctrl-C
/// and Ctrl-Z reach the process directly.
/// </summary>
public sealed class OneOffSupervisor
{
    private const string Word = "__attend";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly TimeSpan _grace;
    private readonly Lock _gate = new();
    private ITimer? _limit;
    private int? _process;

    private OneOffSupervisor(TimeSpan grace) => _grace = grace;

    /// <summary>Determines whether a command line requests the supervisor.</summary>
    public static bool IsRequested(string[] args) => args is [Word, ..];

    /// <summary>Returns the arguments that precede the program and its arguments.</summary>
    internal static IEnumerable<string> Arguments(OneOffFolder folder, TimeSpan grace) =>
    [
        Word, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder.Lock,
        ((int)grace.TotalSeconds).ToString(CultureInfo.InvariantCulture), folder.Files,
    ];

    /// <summary>Runs the process and returns its exit code, or 128 plus the number of the signal that ended it.</summary>
    public static async Task<int> Run(string[] args)
    {
        var (caller, inUse, grace, folder) = (Number(args[1]), args[2], TimeSpan.FromSeconds(Number(args[3])), args[4]);
        // The command holds the lock too, but may be killed; the folder is needed until the process has ended.
        using var held = FileLock.Share(inUse);
        var supervisor = new OneOffSupervisor(grace);
        NativeProcess.RestoreDefault(NativeProcess.SIGTERM);
        SignalHandlers.Catch(PosixSignal.SIGTERM, supervisor.End);
        SignalHandlers.Catch(PosixSignal.SIGINT, Leave);
        SignalHandlers.Catch(PosixSignal.SIGQUIT, Leave);
        SignalHandlers.Catch(PosixSignal.SIGHUP, Leave);
        return NativeProcess.EndWith(caller, NativeProcess.SIGTERM) ? await supervisor.Supervise(folder, args[5..])
            : NativeProcess.Ended(NativeProcess.SIGTERM);
    }

    private async Task<int> Supervise(string folder, string[] command)
    {
        NativeProcess.AdoptOrphans();
        var tool = ToolCommand.Current();
        using var launcher = new ProcessLauncher();
        using var process = await launcher.Start(new(tool.Program, [.. tool.Arguments, .. ExecShim.Attached(folder), .. command])
        { UseShellExecute = false });
        lock (_gate)
        {
            _process = process.Id;
            if (_limit is not null) SignalAll(NativeProcess.SIGTERM);
        }

        await process.WaitForExitAsync();
        _process = null;
        while (SignalAll(NativeProcess.SIGKILL)) await Task.Delay(PollInterval, TimeProvider.System);
        if (Descendants() is { Count: > 0 } left) await Console.Error.WriteLineAsync(
            $"dotnet-convox: these processes run as another user and keep running: {string.Join(", ", left)}");
        return process.ExitCode;
    }

    /// <summary>
    /// Ends the processes because the command has ended or is to end: gracefully the first time, and at once the second time or after the
    /// grace period.
    /// </summary>
    private void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_gate)
        {
            SignalAll(_limit is null ? NativeProcess.SIGTERM : NativeProcess.SIGKILL);
            _limit ??= TimeProvider.System.CreateTimer(_ => SignalAll(NativeProcess.SIGKILL), null, _grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Signals all descendants, and returns whether any was left to signal.</summary>
    private bool SignalAll(int signal)
    {
        var any = false;
        foreach (var descendant in Descendants()) any |= NativeProcess.kill(descendant, signal) == 0;
        return any;
    }

    /// <summary>Returns the descendants, as far as the system shows them.</summary>
    private IReadOnlyList<int> Descendants() =>
        OperatingSystem.IsLinux() ? ProcessTable.Descendants(Environment.ProcessId) : _process is { } one ? [one] : [];

    /// <summary>Ignores a signal of the terminal, which also reaches the process; the process decides.</summary>
    private static void Leave(PosixSignalContext signal) => signal.Cancel = true;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
