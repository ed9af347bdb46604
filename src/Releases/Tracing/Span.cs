namespace Releases;

/// <summary>A span of a promotion's trace.</summary>
/// <param name="Id">Its id, 16 lower-case hex digits.</param>
/// <param name="Parent">The span that it is a part of; null: none.</param>
/// <param name="Name">What was done.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
internal sealed record Span(string Id, string? Parent, string Name, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>By key; a value is a text or a whole number.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Attributes { get; init; } = [];

    /// <summary>What happened in it, and when.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Name)> Events { get; init; } = [];

    /// <summary>Why it failed; null: it didn't.</summary>
    public string? Error { get; init; }
}
