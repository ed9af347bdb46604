using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the id of a hook: <c>H</c> and 10 letters A–Z, for example <c>HKXWQYBTRMA</c>. Parsing ignores case and normalizes to upper
/// case.
/// </summary>
[JsonConverter(typeof(ParsableJsonConverter<HookId>))]
public readonly record struct HookId : IParsable<HookId>
{
    private readonly string? _value;

    private HookId(string value) => _value = value;

    /// <summary>Creates a new random id.</summary>
    public static HookId New() => new(LetterId.New('H'));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out HookId result)
    {
        var ok = LetterId.TryNormalize('H', s, out var id);
        result = ok ? new HookId(id!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public static HookId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new Problem(
            ProblemCode.IllegalName, $"'{s}' isn't a hook id, which is H and 10 letters, for example HKXWQYBTRMA.",
            Remedy.Do(Operation.ListHooks, "List hooks"), ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
