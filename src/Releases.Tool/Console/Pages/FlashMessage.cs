namespace Releases.Tool;

/// <summary>Represents a message that a page shows once, after a form.</summary>
/// <param name="Problems">The reasons why the request failed.</param>
internal sealed record FlashMessage(IReadOnlyList<Problem> Problems)
{
    /// <summary>Gets what was done.</summary>
    public string? Note { get; init; }

    /// <summary>Gets the variable whose value to show.</summary>
    public string? Reveal { get; init; }

    /// <summary>Gets the rejected input, so that it need not be typed again.</summary>
    public string? Key { get; init; }

    public string? Value { get; init; }

    /// <summary>Gets whether it was typed in the variable's row.</summary>
    public bool IsRow { get; init; }

    public string? Lines { get; init; }

    /// <summary>Gets what was typed in other forms of the page.</summary>
    public TypedBeside? Beside { get; init; }
}
