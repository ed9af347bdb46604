using System.Globalization;

namespace Releases.Tool;

/// <summary>How far a log was told. Times of lines have milliseconds, so it takes a count too: as text <c>ticks-count</c>.</summary>
/// <param name="At">The time of the newest line.</param>
/// <param name="Told">How many lines of this time were told.</param>
internal readonly record struct LogPosition(DateTimeOffset At, int Told)
{
    /// <summary>After these lines; if there are none, when they were asked for.</summary>
    public static LogPosition After(IEnumerable<LogLine> lines, DateTimeOffset asked) =>
        lines.Aggregate((LogPosition?)null, (at, line) => at?.Next(line) ?? new(line.At, 1)) ?? new(asked, 0);

    /// <summary>After one more line. One that arrives later than newer ones does not lead back.</summary>
    public LogPosition Next(LogLine line) => line.At > At ? new(line.At, 1) : line.At == At ? this with { Told = Told + 1 } : this;

    /// <summary>Null if the text is none.</summary>
    public static LogPosition? Read(string? text) =>
        text?.Split('-') is [var at, var told]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks >= DateTimeOffset.UnixEpoch.UtcTicks && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(new(ticks, TimeSpan.Zero), count)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}-{Told}");
}
