using System.Globalization;

namespace Releases.Tool;

/// <summary>
/// Represents a position in a log. Line times have millisecond precision, so it includes a count; as text it is <c>ticks-count</c>.
/// </summary>
/// <param name="At">The time of the newest line that was sent.</param>
/// <param name="Told">The number of lines with this time that were sent.</param>
internal readonly record struct LogPosition(DateTimeOffset At, int Told)
{
    /// <summary>Returns the position after these lines or, without any, the time at which they were requested.</summary>
    public static LogPosition After(IEnumerable<LogLine> lines, DateTimeOffset asked) =>
        lines.Aggregate((LogPosition?)null, (at, line) => at?.Next(line) ?? new(line.At, 1)) ?? new(asked, 0);

    /// <summary>Returns the position after one more line. A line that arrives after newer ones doesn't move the position back.</summary>
    public LogPosition Next(LogLine line) => line.At > At ? new(line.At, 1) : line.At == At ? this with { Told = Told + 1 } : this;

    /// <summary>Parses a position, or returns null if the text isn't one.</summary>
    public static LogPosition? Read(string? text) =>
        text?.Split('-') is [var at, var told]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks >= DateTimeOffset.UnixEpoch.UtcTicks && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(new(ticks, TimeSpan.Zero), count)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}-{Told}");
}
