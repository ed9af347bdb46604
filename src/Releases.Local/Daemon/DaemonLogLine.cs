using System.Globalization;

namespace Releases.Local;

/// <summary>Represents a line of <c>daemon.log</c>: a time, and a sentence.</summary>
internal static class DaemonLogLine
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Of(DateTimeOffset time, string sentence) =>
        $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)} {sentence}";

    /// <summary>Returns a line without its time; output of the runtime has none.</summary>
    public static string Sentence(string line) =>
        line.Split(' ', 2) is [var first, var sentence]
        && DateTime.TryParseExact(first, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? sentence
            : line;
}
