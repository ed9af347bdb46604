using System.Globalization;
using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Times and sizes as a person takes them in at a glance.</summary>
internal static partial class UnitFormat
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>For sentences: <c>9m 57s</c>.</summary>
    public static string Span(TimeSpan span) => UnitEnd().Replace(Duration.Text(span), "$0 ");

    /// <summary>The two largest units that matter, truncating: <c>42s</c>, <c>3m12s</c>, <c>5h</c>, <c>12d3h</c>.</summary>
    public static string Uptime(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{span.Days}d" + (span.Hours > 0 ? $"{span.Hours}h" : ""),
        { TotalHours: >= 1 } => $"{span.Hours}h" + (span.Minutes > 0 ? $"{span.Minutes}m" : ""),
        { TotalMinutes: >= 1 } => $"{span.Minutes}m" + (span.Seconds > 0 ? $"{span.Seconds}s" : ""),
        _ => $"{Math.Max(0, span.Seconds)}s",
    };

    /// <summary>Whole megabytes, counted as <c>scale.memory</c> of convox.yml counts them; nothing if unknown.</summary>
    public static string Memory(long? bytes) => bytes is { } known ? $"{(known + Megabyte / 2) / Megabyte} MB" : "";

    /// <summary>A size on disk: <c>512 KB</c>, <c>34 MB</c>, <c>1.2 GB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1024 * Megabyte => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024d * Megabyte):0.0} GB"),
        >= Megabyte => $"{(bytes + (Megabyte / 2)) / Megabyte} MB",
        _ => $"{(bytes + 1023) / 1024} KB",
    };

    /// <summary>How long after a beginning: <c>+0.3 s</c>. Another machine's clock may have it before.</summary>
    public static string After(DateTimeOffset began, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{(at - began).TotalSeconds:+0.0;-0.0;+0.0} s");

    /// <summary>Where one unit ends and the next begins.</summary>
    [GeneratedRegex("[hm](?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex UnitEnd();
}
