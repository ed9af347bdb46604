using System.Globalization;

namespace Releases.Local;

/// <summary>What the daemon has to say; its standard output is the file <c>daemon.log</c>.</summary>
internal sealed class DaemonLog(TimeProvider time)
{
    /// <summary>A line that the disk does not take is lost: what the daemon does matters more than what it says of it.</summary>
    public void Write(string line)
    {
        try
        {
            Console.Out.WriteLine($"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {line}");
        }
        catch (IOException refused) when (DiskProblems.From(refused, "daemon.log") is not null)
        {
        }
    }
}
