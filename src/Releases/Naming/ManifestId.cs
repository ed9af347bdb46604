using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the SHA-256 hash of a manifest's UTF-8 text: 64 lower-case hex digits.</summary>
[JsonConverter(typeof(ParsableJsonConverter<ManifestId>))]
public readonly record struct ManifestId : IParsable<ManifestId>
{
    private readonly string? _value;

    private ManifestId(string value) => _value = value;

    /// <summary>Returns the id of the text.</summary>
    public static ManifestId Of(string text) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ManifestId result)
    {
        var ok = s is { Length: 64 } && s.All(char.IsAsciiHexDigitLower);
        result = ok ? new ManifestId(s!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public static ManifestId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not the hash of a manifest.");

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
