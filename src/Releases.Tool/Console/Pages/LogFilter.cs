using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Which lines of a log are wanted.</summary>
/// <param name="Services">Of these services; empty: of all.</param>
/// <param name="Text">With this text in them, in any case; null: any.</param>
/// <param name="Level">At least this severe.</param>
/// <param name="Since">Not older than this; null: any.</param>
/// <param name="Query">The part of an address that selects the same, which begins with <c>&amp;</c>.</param>
internal sealed record LogFilter(IReadOnlyList<ServiceName> Services, string? Text, LogSeverity Level, TimeSpan? Since, string Query)
{
    /// <summary>How many lines are searched for those that a filter wants.</summary>
    public const int MaxSearched = 10_000;

    /// <summary>The periods that can be chosen.</summary>
    public static IReadOnlyList<string> Periods { get; } = ["5m", "15m", "1h", "6h", "24h"];

    /// <summary>Whether lines have to be looked at to know whether they are wanted.</summary>
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

/// <summary>How severe a line of a log is.</summary>
internal enum LogSeverity
{
    /// <summary>Nothing in it tells.</summary>
    Any,

    /// <summary>It is a warning, or worse.</summary>
    Warning,

    /// <summary>It is an error.</summary>
    Error,
}

/// <summary>Reads how severe a line is by what the usual loggers of .NET write: its own console, JSON, Serilog, NLog, log4net.</summary>
internal static partial class LogSeverities
{
    /// <summary>Only the beginning of a line is looked at, where loggers write it.</summary>
    private const int Searched = 400;

    public static LogSeverity Read(
        string text) => Severe().Match(Plain(text.Length > Searched ? text[..Searched] : text)) is not { Success: true } found
            ? LogSeverity.Any
        : found.Groups["error"].Success ? LogSeverity.Error : LogSeverity.Warning;

    private static string Plain(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? SafeText.WithoutEscapes(text) : text;

    [GeneratedRegex(
        """
        (?<error>(?:^|[\s\[|])(?:fail|crit|ERR|FTL|ERROR|FATAL|CRITICAL)(?:[\]\s:|]|$)|"(?:LogLevel|@l|level)"\s*:\s*"(?:Error|Critical|Fatal)"|^Unhandled\ exception)
        |(?<warning>(?:^|[\s\[|])(?:warn|WRN|WARN|WARNING)(?:[\]\s:|]|$)|"(?:LogLevel|@l|level)"\s*:\s*"(?:Warning|Warn)")
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Severe();
}
