using System.Globalization;

namespace Releases.Local;

/// <summary>
/// Defines the format of a service's log: <c>logs/&lt;app&gt;/&lt;service&gt;.log</c> with lines <c>time TAB process TAB release TAB
/// text</c>, and <c>!</c> after the process for standard error. Older files are <c>.log.1</c> (the newest of them), <c>.log.2</c>, and so
/// on.
/// </summary>
internal static class LogFile
{
    public const int Kept = 5;

    /// <summary>
    /// The mark of standard error. It occurs in no process name, and versions that don't know it show it as part of the name.
    /// </summary>
    private const char StandardError = '!';

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Folder(LocalHome home, AppName app) => Path.Combine(home.Logs, app.ToString());

    public static string PathFor(LocalHome home, AppName app, ServiceName service) => Path.Combine(Folder(home, app), $"{service}.log");

    /// <summary>Returns the names of a log's files, newest first.</summary>
    public static IEnumerable<string> Names(string newest) => Enumerable.Range(1, Kept).Select(n => $"{newest}.{n}").Prepend(newest);

    /// <summary>Returns the services that have a log, sorted. Files of others, such as the copy of a log, aren't logs.</summary>
    public static IReadOnlyList<ServiceName> Services(LocalHome home, AppName app) => !Directory.Exists(Folder(home, app))
        ? []
        : [.. Directory.EnumerateFiles(Folder(home, app), "*.log")
            .Select(f => ServiceName.TryParse(Path.GetFileNameWithoutExtension(f), null, out var name) ? name : (ServiceName?)null)
            .OfType<ServiceName>().Order()];

    public static string Format(DateTimeOffset at, string process, ReleaseId release, string text, bool isError = false) =>
        $"{Time(at)}\t{process}{(isError ? StandardError.ToString() : "")}\t{release}\t{text}\n";

    /// <summary>Formats a time as at the start of lines, so that ordinal order is chronological.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Parses a line, or returns null if a crash truncated it.</summary>
    public static LogLine? Parse(ServiceName service, string line)
    {
        var parts = line.Split('\t', 4);
        return parts.Length == 4
            && DateTimeOffset.TryParseExact(parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && ReleaseId.Read(parts[2]) is { } release
            ? new(at, service, parts[1].TrimEnd(StandardError), release, parts[3]) { IsError = parts[1].EndsWith(StandardError) }
            : null;
    }
}
