namespace Releases.Local;

/// <summary>Writes the daemon's log to standard output, which is the file <c>daemon.log</c>.</summary>
internal sealed class DaemonLog(TimeProvider time)
{
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
