namespace Releases.Tool;

/// <summary>
/// Represents what was typed in other forms of the environment page than the one that was sent. The page's script sends it along with every
/// button and link of the page, and the page shows it again.
/// </summary>
/// <param name="Key">The name in the form that adds a variable.</param>
/// <param name="Value">The value in that form.</param>
/// <param name="Lines">The pasted lines.</param>
/// <param name="Row">The variable whose row is edited, with its new value.</param>
internal sealed record TypedBeside(string? Key, string? Value, string? Lines, KeyValuePair<string, string>? Row)
{
    public const string KeyField = "beside-key", ValueField = "beside-value", LinesField = "beside-lines", RowField = "beside-row:";

    /// <summary>Returns what a form came with, or null if nothing was typed beside it.</summary>
    public static TypedBeside? From(PageRequest request)
    {
        var field = request.Http.Request.Form.Keys.FirstOrDefault(k => k.StartsWith(RowField, StringComparison.Ordinal));
        KeyValuePair<string, string>? row = field is null ? null : new(field[RowField.Length..], request.Field(field)!);
        var typed = new TypedBeside(request.Field(KeyField), request.Field(ValueField), request.Field(LinesField), row);
        return typed == new TypedBeside(null, null, null, null) ? null : typed;
    }

    /// <summary>Returns the new value of a row, or null if another row is edited.</summary>
    public string? ValueOf(string key) => Row is { } row && row.Key == key ? row.Value : null;

    /// <summary>Fails if a value isn't part of the pending change yet, because a person who typed it expects that it is.</summary>
    public void RequireAdded()
    {
        var where = Row is { } row ? $"the row of {Cell.OneLine(row.Key)}"
            : Value is not null ? "Add variable"
            : Lines is not null ? "Paste .env"
            : null;
        if (where is not null)
            throw new Problem(
                ProblemCode.Usage, $"what you typed in {where} isn't part of the pending change.",
                "Add it or clear the field, and press the button again.", ProblemKind.Usage,
                Unchanged: Problem.NothingChanged).ToException();
    }
}
