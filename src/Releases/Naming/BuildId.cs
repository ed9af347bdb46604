using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the id of a build: <c>B</c> and 10 letters A–Z, for example <c>BBLTITAIGHI</c>. Parsing ignores case and normalizes to upper
/// case.
/// </summary>
[JsonConverter(typeof(ParsableJsonConverter<BuildId>))]
public readonly record struct BuildId : IParsable<BuildId>
{
    private readonly string? _value;

    private BuildId(string value) => _value = value;

    /// <summary>Creates a new random id.</summary>
    public static BuildId New() => new(LetterId.New('B'));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out BuildId result)
    {
        var ok = LetterId.TryNormalize('B', s, out var id);
        result = ok ? new BuildId(id!) : default;
        return ok;
    }

    /// <summary>Parses an id; returns null if the text isn't one.</summary>
    public static BuildId? Read(string? text) => TryParse(text, null, out var id) ? id : null;

    /// <inheritdoc/>
    public static BuildId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new Problem(
            ProblemCode.IllegalName, $"'{s}' isn't a build id, which is B and 10 letters, for example BBLTITAIGHI.",
            Remedy.Do(Operation.ListBuilds, "List builds"), ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
