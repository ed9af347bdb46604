using System.ComponentModel;
using System.Diagnostics;

namespace Releases.Local;

/// <summary>Starts the process of a home's daemon from a copy of the tool, detached from the terminal.</summary>
internal sealed class DaemonProcess(LocalHome home, string address, ToolCopy copy)
{
    /// <summary>
    /// Fails with what would keep a daemon from starting, as far as that can be known before: a full disk, a home that can't be written
    /// or that others can write to, or settings that a daemon refuses.
    /// </summary>
    public void RequireStartable() => Prepare();

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

    /// <summary>Starts the process. Fails as <see cref="RequireStartable"/> does.</summary>
    public Process Start()
    {
        var tool = Prepare();
        var command = Command(tool, home, address);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        // A rack that a service starts isn't one of the service's processes, and outlives it.
        start.Environment.Remove(ProcessStart.NameVariable);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception refused)
        {
            throw LocalDaemonProblems.NotExecutable(tool, refused).ToException(refused);
        }
    }
}
