using System.Globalization;

namespace Releases.Tool;

/// <summary>Formats times and sizes for reading at a glance.</summary>
internal static class UnitFormat
{
    private const long Megabyte = 1024 * 1024;

    private static readonly string[] DataUnits = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>Formats a duration in its two largest units, truncated: <c>42s</c>, <c>3m 12s</c>, <c>5h</c>, <c>12d 3h</c>.</summary>
    public static string Uptime(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{span.Days}d" + (span.Hours > 0 ? $" {span.Hours}h" : ""),
        { TotalHours: >= 1 } => $"{span.Hours}h" + (span.Minutes > 0 ? $" {span.Minutes}m" : ""),
        { TotalMinutes: >= 1 } => $"{span.Minutes}m" + (span.Seconds > 0 ? $" {span.Seconds}s" : ""),
        _ => $"{Math.Max(0, span.Seconds)}s",
    };

    /// <summary>Formats memory in whole megabytes, counted as in <c>scale.memory</c> of convox.yml; empty if unknown.</summary>
    public static string Memory(long? bytes) => bytes is { } known ? $"{(known + Megabyte / 2) / Megabyte} MB" : "";

    /// <summary>Formats an amount of data in its largest unit: <c>512 B</c>, <c>1.4 KB</c>, <c>12 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (amount, unit) = ((double)bytes, 0);
        for (; amount >= 999.5 && unit < DataUnits.Length - 1; unit++) amount /= 1024;
        return string.Create(CultureInfo.InvariantCulture,
            $"{(unit > 0 && amount < 9.95 ? Math.Round(amount, 1) : Math.Round(amount))} {DataUnits[unit]}");
    }

    /// <summary>Formats a latency: <c>0.4 ms</c>, <c>35 ms</c>, <c>1.2 s</c>; empty if unknown.</summary>
    public static string Latency(TimeSpan? took) => took switch
    {
        null => "",
        { TotalMilliseconds: < 9.95 and var brief } => string.Create(CultureInfo.InvariantCulture, $"{brief:0.0} ms"),
        { TotalMilliseconds: < 999.5 and var few } => string.Create(CultureInfo.InvariantCulture, $"{few:0} ms"),
        { TotalSeconds: var seconds } => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
    };

    /// <summary>Formats the time since a start: <c>+0.3 s</c>. It may be negative if another machine's clock differs.</summary>
    public static string After(DateTimeOffset began, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{(at - began).TotalSeconds:+0.0;-0.0;+0.0} s");
}
