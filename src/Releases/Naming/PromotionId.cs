using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the id of a promotion: <c>P</c> and 10 letters A–Z, for example <c>PQWJDKSLAUE</c>. Parsing ignores case and normalizes to
/// upper case.
/// </summary>
[JsonConverter(typeof(ParsableJsonConverter<PromotionId>))]
public readonly record struct PromotionId : IParsable<PromotionId>
{
    private readonly string? _value;

    private PromotionId(string value) => _value = value;

    /// <summary>Creates a new random id.</summary>
    public static PromotionId New() => new(LetterId.New('P'));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PromotionId result)
    {
        var ok = LetterId.TryNormalize('P', s, out var id);
        result = ok ? new PromotionId(id!) : default;
        return ok;
    }

    /// <summary>Parses an id; returns null if the text isn't one.</summary>
    public static PromotionId? Read(string? text) => TryParse(text, null, out var id) ? id : null;

    /// <inheritdoc/>
    public static PromotionId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new Problem(
            ProblemCode.IllegalName, $"'{s}' isn't a promotion id, which is P and 10 letters, for example PQWJDKSLAUE.",
            Remedy.Do(Operation.ListPromotions, "List promotions"), ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
