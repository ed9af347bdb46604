using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the name of a service: a DNS label of at most 40 characters, for example <c>web</c>.</summary>
[JsonConverter(typeof(ParsableJsonConverter<ServiceName>))]
public readonly record struct ServiceName : IParsable<ServiceName>, IComparable<ServiceName>
{
    private readonly string? _value;

    private ServiceName(string value) => _value = value;

    /// <summary>The variable that tells other services its address: <c>ORDER_API_URL</c>.</summary>
    public string UrlVariable => ToString().ToUpperInvariant().Replace('-', '_') + "_URL";

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ServiceName result)
    {
        var ok = s is not null && DnsName.IsLegal(s);
        result = ok ? new ServiceName(s!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public static ServiceName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new Problem(
            ProblemCode.IllegalName, $"'{s}' isn't a valid service name.", $"A name is {DnsName.Rule}.", ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public int CompareTo(ServiceName other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
