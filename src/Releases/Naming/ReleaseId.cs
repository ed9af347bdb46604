using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the id of a release: <c>R</c> and 10 letters A–Z, for example <c>ROCHMCOUESG</c>. Parsing ignores case and normalizes to
/// upper case.
/// </summary>
[JsonConverter(typeof(ParsableJsonConverter<ReleaseId>))]
public readonly record struct ReleaseId : IParsable<ReleaseId>
{
    private readonly string? _value;

    private ReleaseId(string value) => _value = value;

    /// <summary>Creates a new random id.</summary>
    public static ReleaseId New() => new(LetterId.New('R'));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ReleaseId result)
    {
        var ok = LetterId.TryNormalize('R', s, out var id);
        result = ok ? new ReleaseId(id!) : default;
        return ok;
    }

    /// <summary>Parses an id; returns null if the text isn't one.</summary>
    public static ReleaseId? Read(string? text) => TryParse(text, null, out var id) ? id : null;

    /// <inheritdoc/>
    public static ReleaseId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new Problem(
            ProblemCode.IllegalName, $"'{s}' isn't a release id, which is R and 10 letters, for example ROCHMCOUESG.",
            Remedy.Do(Operation.ListReleases, "List releases"), ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
