using System.Globalization;

namespace Releases.Local;

/// <summary>
/// One service's log: <c>logs/&lt;app&gt;/&lt;service&gt;.log</c>, a line <c>time TAB process TAB release TAB text</c>, with <c>!</c> after
/// the process of a line that was printed to standard error; older ones are <c>.log.1</c> (the newest of them), <c>.log.2</c>, ….
/// </summary>
internal static class LogFile
{
    public const int Kept = 5;

    /// <summary>No name of a process has it, and a version that doesn't know it shows it as part of one.</summary>
    private const char StandardError = '!';

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Folder(LocalHome home, AppName app) => Path.Combine(home.Logs, app.ToString());

    public static string PathFor(LocalHome home, AppName app, ServiceName service) => Path.Combine(Folder(home, app), $"{service}.log");

    /// <summary>The names of a log's files, the newest one's first.</summary>
    public static IEnumerable<string> Names(string newest) => Enumerable.Range(1, Kept).Select(n => $"{newest}.{n}").Prepend(newest);

    /// <summary>The services that have printed anything, sorted.</summary>
    public static IReadOnlyList<ServiceName> Services(LocalHome home, AppName app) => !Directory.Exists(Folder(home, app))
        ? []
        : [.. Directory.EnumerateFiles(Folder(home, app), "*.log")
            .Select(f => ServiceName.Parse(Path.GetFileNameWithoutExtension(f))).Order()];

    public static string Format(DateTimeOffset at, string process, ReleaseId release, string text, bool isError = false) =>
        $"{Time(at)}\t{process}{(isError ? StandardError.ToString() : "")}\t{release}\t{text}\n";

    /// <summary>A time as lines begin with it; its order is the ordinal one.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>The line, or null for what a crash left of one.</summary>
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
