using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the name of an app: a DNS label of at most 40 characters, for example <c>hello</c>.</summary>
[JsonConverter(typeof(ParsableJsonConverter<AppName>))]
public readonly record struct AppName : IParsable<AppName>, IComparable<AppName>
{
    private readonly string? _value;

    private AppName(string value) => _value = value;

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AppName result)
    {
        var ok = s is not null && DnsName.IsLegal(s);
        result = ok ? new AppName(s!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public static AppName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new Problem(
            ProblemCode.IllegalName, $"'{s}' isn't a valid app name.", $"A name is {DnsName.Rule}.", ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public int CompareTo(AppName other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
