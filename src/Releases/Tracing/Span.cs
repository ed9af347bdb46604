namespace Releases;

/// <summary>Represents a span of a promotion's trace.</summary>
/// <param name="Id">Its id, 16 lower-case hex digits.</param>
/// <param name="Parent">The parent span, or null if there is none.</param>
/// <param name="Name">The name of the work.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
internal sealed record Span(string Id, string? Parent, string Name, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The attributes; a value is a string or a 64-bit integer.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Attributes { get; init; } = [];

    /// <summary>The events during the span.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Name)> Events { get; init; } = [];

    /// <summary>Why it failed, or null if it didn't.</summary>
    public string? Error { get; init; }
}
