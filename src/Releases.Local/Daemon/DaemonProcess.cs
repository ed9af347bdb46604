using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Local;

/// <summary>Starts the process of a home's daemon from a copy of the tool, detached from the terminal.</summary>
internal sealed class DaemonProcess(LocalHome home, string address, ToolCopy copy, TimeProvider time)
{
    public BootUnit Unit { get; } = new(home, address, Environment.GetEnvironmentVariable);

    /// <summary>
    /// Fails with what would keep a daemon from starting, as far as that can be known before: a full disk, a home that can't be written
    /// or that others can write to, or settings that a daemon refuses.
    /// </summary>
    public void RequireStartable() => Prepare();

    /// <summary>Makes the copy from which systemd will start the daemon. Fails as <see cref="RequireStartable"/> does.</summary>
    public void MakeLatest() => copy.MakeLatest(Prepare());

    /// <summary>Returns the command of a home's daemon, whose output is the file <c>daemon.log</c>.</summary>
    public static IReadOnlyList<string> Command(ToolCommand tool, LocalHome home, string address) =>
    [
        tool.Program, .. tool.Arguments,
        "__exec", "--stdin", "/dev/null", "--stdout", home.DaemonLog, "--stderr", home.DaemonLog, "--cwd", "/", "--",
        tool.Program, .. tool.Arguments, "__daemon", home.Folder, address,
    ];

    private ToolCommand Prepare()
    {
        RequireRoom();
        DaemonSettings.Read(home);
        DaemonSocket.RequirePrivate(home);
        return copy.Make();
    }

    /// <summary>
    /// Fails with <see cref="ProblemCode.HomeNotWritable"/>, <see cref="ProblemCode.DiskFull"/>, or <see cref="ProblemCode.Daemon"/> if
    /// too few files may be open.
    /// </summary>
    public void RequireRoom()
    {
        OpenFileLimit.Require(OpenFileLimit.Raise());
        try
        {
            HomeFolder.RequireRoom(home);
        }
        catch (ProblemException full) when (full.Is(ProblemCode.DiskFull) && !FileLock.IsTaken(home.DaemonLock))
        {
            throw LocalDaemonProblems.NoRoom(home).ToException(full);
        }
    }

    /// <summary>
    /// Starts the daemon: through systemd where it also does so at boot, since it then starts it again if it fails. Fails as
    /// <see cref="RequireStartable"/> does.
    /// </summary>
    /// <param name="report">Receives, as a sentence, why systemd can't start it; then it is started without.</param>
    /// <param name="cancel">Cancels the start.</param>
    public async Task<StartedDaemon> Start(Action<string>? report, CancellationToken cancel)
    {
        var tool = Prepare();
        if (!await Unit.IsEnabled(cancel)) return Start(tool);
        copy.MakeLatest(tool);
        if (await Unit.Start(copy.Latest, cancel) is not { } refused) return new DaemonUnit(Unit, time);
        report?.Invoke($"{refused}. The rack starts without systemd, which doesn't start it again if it fails");
        return Start(tool);
    }

    private DaemonChild Start(ToolCommand tool)
    {
        var command = Command(tool, home, address);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        DaemonVariables.Keep(start.Environment);
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Win32Exception refused)
        {
            throw LocalDaemonProblems.NotExecutable(tool, refused).ToException(refused);
        }
    }
}
