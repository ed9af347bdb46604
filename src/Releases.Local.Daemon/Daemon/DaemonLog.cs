using System.Globalization;

namespace Releases.Local;

/// <summary>What the daemon has to say; its standard output is the file <c>daemon.log</c>.</summary>
internal sealed class DaemonLog(TimeProvider time)
{
    public void Write(string line) =>
        Console.Out.WriteLine($"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {line}");
}
