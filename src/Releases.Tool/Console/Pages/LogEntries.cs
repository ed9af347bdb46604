namespace Releases.Tool;

/// <summary>
/// Follows the entries of a log, of which one may have several lines: those that are indented, and the parts of an exception, belong to the
/// line before. Lines of several processes, and of their standard error, are mixed and are followed apart.
/// </summary>
internal sealed class LogEntries
{
    private readonly Dictionary<(string Process, bool IsError), LogSeverity?> _open = [];

    /// <summary>Returns the severity of the entry that the next line belongs to.</summary>
    public LogSeverity Next(LogLine line)
    {
        var (plain, source) = (LogSeverities.Plain(line.Text), (line.Process, line.IsError));
        if (_open.GetValueOrDefault(source) is { } severity && LogSeverities.IsContinued(plain)) return severity;
        return (_open[source] = LogSeverities.Read(plain)) ?? LogSeverity.Any;
    }
}

/// <summary>Represents a line with the severity of the entry that it belongs to.</summary>
internal readonly record struct LogEntryLine(LogLine Line, LogSeverity Severity);
