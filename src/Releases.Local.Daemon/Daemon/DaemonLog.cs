namespace Releases.Local;

/// <summary>Writes the daemon's log to standard output, which is the file <c>daemon.log</c>.</summary>
internal sealed class DaemonLog(TimeProvider time)
{
    /// <summary>Makes the file again if it was removed: what is written to a file without a name is lost.</summary>
    public void Repair(LocalHome home)
    {
        if (!OperatingSystem.IsLinux()) return;
        var removed = $"/{Path.GetFileName(home.DaemonLog)} (deleted)";
        if (NativeProcess.LinkTarget("/proc/self/fd/1")?.EndsWith(removed, StringComparison.Ordinal) != true) return;
        if (!NativeProcess.Redirect(home.DaemonLog, NativeProcess.AppendCreate, 1)) return;
        _ = NativeProcess.Redirect(home.DaemonLog, NativeProcess.AppendCreate, 2);
        // The console has a copy of the old descriptor.
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Write($"{home.DaemonLog} was removed: it is made again");
    }

    /// <summary>Writes a line. If the disk is full or fails, the line is lost and the daemon keeps working.</summary>
    public void Write(string line)
    {
        try
        {
            Console.Out.WriteLine(DaemonLogLine.Of(time.GetUtcNow(), line));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // There is no other place to report it.
        }
    }
}
