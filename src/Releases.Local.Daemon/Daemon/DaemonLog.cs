using System.Globalization;

namespace Releases.Local;

/// <summary>The daemon's log; its standard output is the file <c>daemon.log</c>.</summary>
internal sealed class DaemonLog(TimeProvider time)
{
    /// <summary>A line that a full disk refuses is lost: the daemon keeps working.</summary>
    public void Write(string line)
    {
        try
        {
            Console.Out.WriteLine(
                $"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {line}");
        }
        catch (IOException refused) when (DiskProblems.From(refused, "daemon.log") is not null)
        {
        }
    }
}
