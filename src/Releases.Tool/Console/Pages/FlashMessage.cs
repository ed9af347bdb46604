namespace Releases.Tool;

/// <summary>What a page has to say once, after a form.</summary>
/// <param name="Problems">Why what was asked for was not done.</param>
internal sealed record FlashMessage(IReadOnlyList<Problem> Problems)
{
    /// <summary>What was done.</summary>
    public string? Note { get; init; }

    /// <summary>The variable whose value is to be shown.</summary>
    public string? Reveal { get; init; }

    /// <summary>What was typed and not taken, so that it need not be typed again.</summary>
    public string? Key { get; init; }

    public string? Value { get; init; }

    public string? Lines { get; init; }
}
