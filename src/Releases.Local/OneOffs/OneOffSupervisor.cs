using System.Globalization;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>
/// <c>dotnet-convox __attend PID LOCK GRACE FOLDER program args…</c>: runs a one-off process and
/// ends all of its descendants when it exits, or when the command that started it is gone, however that ended. All of them are in
/// the terminal's foreground, so Ctrl-C and Ctrl-Z reach the process directly.
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

    /// <summary>Whether a command line asks for it.</summary>
    public static bool IsRequested(string[] args) => args is [Word, ..];

    /// <summary>What comes before the program and its arguments.</summary>
    internal static IEnumerable<string> Arguments(OneOffFolder folder, TimeSpan grace) =>
    [
        Word, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder.Lock,
        ((int)grace.TotalSeconds).ToString(CultureInfo.InvariantCulture), folder.Files,
    ];

    /// <summary>Returns the process's exit code, or 128 plus the number of the signal that ended it.</summary>
    public static async Task<int> Run(string[] args)
    {
        var (caller, inUse, grace, folder) = (Number(args[1]), args[2], TimeSpan.FromSeconds(Number(args[3])), args[4]);
        // The command holds it too, but may be killed; the folder is needed until the process has ended.
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

    /// <summary>The command is to end, or has ended: gracefully the first time, at once the second time or after the grace.</summary>
    private void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_gate)
        {
            SignalAll(_limit is null ? NativeProcess.SIGTERM : NativeProcess.SIGKILL);
            _limit ??= TimeProvider.System.CreateTimer(_ => SignalAll(NativeProcess.SIGKILL), null, _grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Signals all descendants; false if none is left to signal.</summary>
    private bool SignalAll(int signal)
    {
        var any = false;
        foreach (var descendant in Descendants()) any |= NativeProcess.kill(descendant, signal) == 0;
        return any;
    }

    /// <summary>As far as the system shows them.</summary>
    private IReadOnlyList<int> Descendants() =>
        OperatingSystem.IsLinux() ? ProcessTable.Descendants(Environment.ProcessId) : _process is { } one ? [one] : [];

    /// <summary>The terminal sends its signals to the process too, which decides.</summary>
    private static void Leave(PosixSignalContext signal) => signal.Cancel = true;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
