using System.Text.RegularExpressions;

namespace Releases.Tool;

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

    /// <summary>Reads the severity that a line states, without escape sequences; null if it states none.</summary>
    public static LogSeverity? Read(string plain)
    {
        var start = plain.Length > Searched ? plain[..Searched] : plain;
        if (Harmless().IsMatch(start)) return LogSeverity.Any;
        if (Severe().Match(start) is not { Success: true } found) return null;
        return found.Groups["error"].Success ? LogSeverity.Error : LogSeverity.Warning;
    }

    /// <summary>Determines whether a line continues the entry before it: an indented line, or a part of an exception.</summary>
    public static bool IsContinued(string plain) => Continued().IsMatch(plain);

    /// <summary>Reads the severity of a line that a build printed, by the format that MSBuild and compilers share.</summary>
    public static LogSeverity ReadBuild(string text) => InBuild().Match(Plain(text)) is not { Success: true } found
        ? LogSeverity.Any
        : found.Groups["error"].Success ? LogSeverity.Error : LogSeverity.Warning;

    /// <summary>Returns a line without escape sequences.</summary>
    public static string Plain(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? SafeText.WithoutEscapes(text) : text;

    [GeneratedRegex(@"(^|:|\s)((?<error>(fatal )?error)|warning) [A-Za-z]{1,12}\d{1,6}\s*:",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex InBuild();

    [GeneratedRegex(@"^\s+\S|^--- |^[A-Za-z_][\w.+`]*Exception\b", RegexOptions.CultureInvariant)]
    private static partial Regex Continued();

    /// <summary>Matches the first line of an entry of .NET's console logger that is no warning, whatever its text mentions.</summary>
    [GeneratedRegex(@"^(trce|dbug|info): ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Harmless();

    // Abbreviations and capitals are a severity anywhere; a plain word only in brackets, or at the start, after the time.
    [GeneratedRegex(
        """
        (?<error>(?:^|[\s\[|])(?:fail|crit|ERR|FTL|ERROR|FATAL|CRITICAL)(?:[\]\s:|]|$)|^Unhandled\ exception
            |(?i:"(?:LogLevel|@l|level|severity)"\s*:\s*"(?:Error|Critical|Fatal)"
            |\[(?:error|critical|fatal)\]|^[\s\d\-:.,+TZ\[|]*(?:error|critical|fatal)\s*[\]:|]))
        |(?<warning>(?:^|[\s\[|])(?:warn|WRN|WARN|WARNING)(?:[\]\s:|]|$)
            |(?i:"(?:LogLevel|@l|level|severity)"\s*:\s*"(?:Warning|Warn)"
            |\[(?:warning|warn)\]|^[\s\d\-:.,+TZ\[|]*(?:warning|warn)\s*[\]:|]))
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Severe();
}
