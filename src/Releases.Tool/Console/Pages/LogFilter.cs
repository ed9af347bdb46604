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

    /// <param name="line">The line.</param>
    /// <param name="severity">The severity of the entry that the line belongs to.</param>
    public bool Matches(LogLine line, LogSeverity severity) =>
        (Text is null || line.Text.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || line.Process.Contains(Text, StringComparison.OrdinalIgnoreCase))
        && severity >= Level;
}
