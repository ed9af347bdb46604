using System.Globalization;

namespace Releases;

/// <summary>Reads durations as people type them, <c>90s</c> or <c>1h30m</c>, and writes them as they read them, <c>1h 30m</c>.</summary>
public static class Duration
{
    /// <summary>The longest duration, which can be added to and subtracted from any current time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3_650);

    /// <summary>Returns the shortest exact text, rounded to the second: <c>10m</c>, <c>1m 30s</c>, <c>0s</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        var seconds = (long)Math.Max(0, Math.Round(duration.TotalSeconds));
        var (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        var text = (hours > 0 ? $"{hours}h " : "") + (minutes > 0 ? $"{minutes}m " : "") + (rest > 0 ? $"{rest}s" : "");
        return text.Length > 0 ? text.TrimEnd() : "0s";
    }

    /// <summary>
    /// Returns the text of a time that has passed, truncated as <see cref="RelativeTime"/> is, so that it isn't longer than the time since
    /// its start.
    /// </summary>
    public static string Elapsed(TimeSpan elapsed) => Text(TimeSpan.FromSeconds(Math.Floor(elapsed.TotalSeconds)));

    /// <summary>Parses <c>90s</c>, <c>10m</c>, <c>1h</c>, <c>2d</c> and their sums, up to ten years; else returns null.</summary>
    public static TimeSpan? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var total = TimeSpan.Zero;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i])) continue;
            if (i == digits || !long.TryParse(text.AsSpan(digits, i - digits), NumberStyles.None,
                CultureInfo.InvariantCulture, out var number)
                || number > 1_000_000 || Unit(text[i]) is not { } unit) return null;
            total += unit * number;
            if (total > Longest) return null;
            digits = i + 1;
        }

        return digits == text.Length ? total : null;
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
