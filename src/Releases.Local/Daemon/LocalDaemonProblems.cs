using System.ComponentModel;

namespace Releases.Local;

/// <summary>Creates the problems of a daemon that doesn't start, answer or stop.</summary>
internal static class LocalDaemonProblems
{
    /// <summary>The error EACCES.</summary>
    private const int Denied = 13;

    /// <summary>The error ENOEXEC.</summary>
    private const int NotAProgram = 8;

    /// <summary>A process has the home's lock and doesn't answer.</summary>
    public static Problem NoAnswer(LocalHome home)
    {
        var holder = LockHolder.Find(home);
        // Linux lists the lock, but not what other users' processes have open.
        if (holder is null && OperatingSystem.IsLinux() && FileStat.OwnerOf(home.DaemonState) is { } owner && owner != NativeUser.geteuid())
            return new(
                ProblemCode.Daemon,
                $"the rack in {home.Folder} is running, and this user can't reach it: another user, or a container, started it.",
                $"Stop it there, such as with: sudo dotnet convox rack stop --rack local:{home.Folder}");
        var process = holder is null ? "another process" : $"process {holder.ProcessId}";
        return holder is { IsDaemon: false }
            ? new(
                ProblemCode.Daemon, $"{process} is using the rack's home {home.Folder} alone, as a restore does.",
                "Wait until it has finished.")
            : new(
                ProblemCode.Daemon, $"the rack's daemon ({process}) is running, but it doesn't answer at {DaemonSocket.Path(home)}.",
                Remedy.Do(Operation.StopRack, "Stop it"));
    }

    /// <summary>A command that starts or restarts the rack doesn't end.</summary>
    public static Problem StartIsHeld(LocalHome home, TimeSpan waited) => new(
        ProblemCode.Daemon,
        $"{Starter(home)} has been starting or restarting the rack for more than {Duration.Text(waited)}.",
        "Continue that command if it is suspended (fg), or end it, then run this again.", Unchanged: Problem.NothingChanged);

    /// <summary>Returns the process that starts or restarts the rack, as the start of a sentence.</summary>
    public static string Starter(LocalHome home) =>
        LockHolder.Find(home.StartLock) is { } holder ? $"process {holder.ProcessId}" : "another command";

    /// <summary>The daemon ended, or didn't answer, before it had started.</summary>
    /// <param name="home">The home.</param>
    /// <param name="what">What it did, as the text that follows its name.</param>
    /// <param name="logged">The length of its log before it was started.</param>
    public static Problem DidNotStart(LocalHome home, string what, long logged)
    {
        var lines = LogLines(home, logged);
        return new(
            ProblemCode.Daemon,
            $"the daemon of {home.Folder} {what}{(lines.Length > 0 ? $": {lines}" : "")}. Releases can still be created and listed.",
            $"Details are in {home.DaemonLog}");
    }

    /// <summary>The copy of the tool in the home can't be executed.</summary>
    public static Problem NotExecutable(ToolCommand tool, Win32Exception refused) => new(
        ProblemCode.Daemon,
        $"the rack can't start, because '{tool.Program}' can't be executed: {new Win32Exception(refused.NativeErrorCode).Message}.",
        refused.NativeErrorCode switch
        {
            Denied => "Mount the file system of the rack's home without 'noexec', or choose another home: CONVOX_HOME",
            NotAProgram when tool.Arguments.Count == 0 =>
                $"The copy is damaged. Delete {tool.Folder}, and the next start copies the tool again",
            _ => null,
        });

    /// <summary>The running daemon wasn't started from a copy of this tool in the home, so a unit has nothing to start.</summary>
    public static Problem NoLatestCopy(string folder) => new(
        ProblemCode.NotSupported,
        $"the rack can't start with this machine: {folder} doesn't have this tool. It is running now, and no unit was written.",
        Remedy.Do(Operation.RestartRack, "Restart the daemon with this version, then run this again"));

    /// <summary>The daemon is older than the keys of a release's <c>convox.yml</c>.</summary>
    public static Problem KnowsNoPlan(DaemonState daemon, Release release) => new(
        ProblemCode.Daemon,
        $"the daemon ({daemon.Version}) doesn't know 'verify', or the steps of 'deployment', which {release.Label} has in convox.yml.",
        Remedy.Do(Operation.RestartRack, $"Restart the daemon with this version ({ToolVersion.Text})"), Unchanged: Problem.NothingChanged);

    /// <summary>The disk is full, and no daemon is running.</summary>
    public static Problem NoRoom(LocalHome home) => DiskProblems.Full(home.Folder) with
    {
        Message = $"the disk under '{home.Folder}' is full, so the rack can't start and its services aren't running. "
            + "What was stored before is unaffected.",
    };

    /// <summary>A restart was refused before anything was stopped.</summary>
    public static ProblemException KeepsRunning(ProblemException refused) => new(
        [.. refused.Problems.Select(p => p with { Unchanged = "Nothing changed: the rack keeps running." })], refused);

    /// <summary>A restart stopped the rack and couldn't start it.</summary>
    public static ProblemException StoppedByRestart(ProblemException failed)
    {
        var start = Remedy.Do(Operation.StartRack, "Start the rack");
        return new([.. failed.Problems.Select(p => p with
        {
            Message = $"{p.Message} The rack was stopped for the restart, and its services are down.",
            Unchanged = null,
            Remedy = p.Remedy?.Or(start) ?? start,
            Kind = ProblemKind.NeedsPerson,
        })], failed);
    }

    /// <summary>The home says that its daemon died, but none was started in this folder.</summary>
    public static Problem IsFromElsewhere(LocalHome home) => new(
        ProblemCode.Daemon,
        $"the rack in {home.Folder} isn't running. It was copied here, or an earlier version ran it, so nothing of it is restarted by "
            + "itself.",
        Remedy.Do(Operation.StartRack, "If you trust its releases, start it"));

    /// <summary>The metrics were to be served on the router's port.</summary>
    public static Problem IsRouter(int port) => new(
        ProblemCode.PortInUse, $"port {port} is the rack's router; nothing changed.",
        Remedy.Do(Operation.ServeMetrics, "Choose another", "--port", "9464"), ProblemKind.Usage);

    /// <summary>The daemon is still running although it was asked to stop.</summary>
    public static Problem DidNotStop(LocalHome home, int process, TimeSpan waited) => new(
        ProblemCode.Daemon,
        $"the daemon (process {process}) didn't stop within {Duration.Text(waited)}; some of its services may still be running.",
        $"What it waits for is in {home.DaemonLog}", ProblemKind.NeedsPerson);

    /// <summary>The daemon was killed, with its services' own processes; their children aren't.</summary>
    public static Problem Killed(int process) => new(
        ProblemCode.Daemon,
        $"the daemon (process {process}) neither answered nor ended, so it was killed; "
            + "what its services started may still be running.",
        Remedy.Do(Operation.StartRack, "Start the rack, which ends that, and stop it again"), ProblemKind.NeedsPerson);

    private static string LogLines(LocalHome home, long from)
    {
        if (!File.Exists(home.DaemonLog)) return "";
        using var log = new StreamReader(new FileStream(home.DaemonLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        log.BaseStream.Seek(Math.Min(from, log.BaseStream.Length), SeekOrigin.Begin);
        var all = log.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // A stack trace says less than the exception.
        var lines = all.LastOrDefault(l => l.StartsWith("Unhandled exception", StringComparison.OrdinalIgnoreCase)) is { } crash
            ? [crash] : all.TakeLast(3);
        return string.Join(" / ", lines.Select(DaemonLogLine.Sentence)).TrimEnd('.');
    }
}
