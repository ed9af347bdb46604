using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Represents a filter for the lines of a log.</summary>
/// <param name="Services">The services to show; empty for all of them.</param>
/// <param name="Text">The text to find, ignoring case, or null for any.</param>
/// <param name="Level">The minimum severity.</param>
/// <param name="Since">The maximum age of lines, or null for any.</param>
/// <param name="Query">The query string of the same filter, which begins with <c>&amp;</c>.</param>
internal sealed record LogFilter(IReadOnlyList<ServiceName> Services, string? Text, LogSeverity Level, TimeSpan? Since, string Query)
{
    /// <summary>The number of lines to search for matches.</summary>
    public const int MaxSearched = 10_000;

    /// <summary>Gets the periods to choose from.</summary>
    public static IReadOnlyList<string> Periods { get; } = ["5m", "15m", "1h", "6h", "24h"];

    /// <summary>Gets whether the filter depends on the text of lines.</summary>
    public bool Searches => Text is not null || Level > LogSeverity.Any;

    public static LogFilter From(PageRequest request)
    {
        IReadOnlyList<ServiceName> services = request.Query("service") is { } service ? [ServiceName.Parse(service)] : [];
        var text = request.Query("q")?.Trim() is { Length: > 0 } given ? given : null;
        var level = Enum.TryParse<LogSeverity>(request.Query("level"), ignoreCase: true, out var named) && Enum.IsDefined(named)
            ? named
            : LogSeverity.Any;
        var since = Duration.Read(request.Query("since"));
        var query = string.Concat(new (string Name, string? Value)[]
        {
            ("service", request.Query("service")), ("q", text), ("level", level == LogSeverity.Any
                ? null
                : level.ToString().ToLowerInvariant()), ("since", since is null ? null : request.Query("since")),
        }.Where(p => p.Value is not null).Select(p => $"&{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return new(services, text, level, since, query);
    }

    public bool Matches(LogLine line) =>
        (Text is null || line.Text.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || line.Process.Contains(Text, StringComparison.OrdinalIgnoreCase))
        && (Level == LogSeverity.Any || LogSeverities.Read(line.Text) >= Level);
}

/// <summary>Specifies the severity of a log line.</summary>
internal enum LogSeverity
{
    /// <summary>The line has no recognizable severity.</summary>
    Any,

    /// <summary>The line is a warning.</summary>
    Warning,

    /// <summary>The line is an error.</summary>
    Error,
}

/// <summary>
/// Reads the severity of a line from the formats of .NET's usual loggers: its own console, JSON, Serilog, NLog and log4net.
/// </summary>
internal static partial class LogSeverities
{
    /// <summary>The number of characters to search at the start of a line, where loggers write the severity.</summary>
    private const int Searched = 400;

    public static LogSeverity Read(
        string text) => Severe().Match(Plain(text.Length > Searched ? text[..Searched] : text)) is not { Success: true } found
            ? LogSeverity.Any
        : found.Groups["error"].Success ? LogSeverity.Error : LogSeverity.Warning;

    /// <summary>Reads the severity of a line that a build printed, by the format that MSBuild and compilers share.</summary>
    public static LogSeverity ReadBuild(string text) => InBuild().Match(Plain(text)) is not { Success: true } found
        ? LogSeverity.Any
        : found.Groups["error"].Success ? LogSeverity.Error : LogSeverity.Warning;

    private static string Plain(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? SafeText.WithoutEscapes(text) : text;

    [GeneratedRegex(@"(^|:|\s)((?<error>(fatal )?error)|warning) [A-Za-z]{1,12}\d{1,6}\s*:",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex InBuild();

    [GeneratedRegex(
        """
        (?<error>(?:^|[\s\[|])(?:fail|crit|ERR|FTL|ERROR|FATAL|CRITICAL)(?:[\]\s:|]|$)|"(?:LogLevel|@l|level)"\s*:\s*"(?:Error|Critical|Fatal)"|^Unhandled\ exception)
        |(?<warning>(?:^|[\s\[|])(?:warn|WRN|WARN|WARNING)(?:[\]\s:|]|$)|"(?:LogLevel|@l|level)"\s*:\s*"(?:Warning|Warn)")
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Severe();
}
