using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the id of an environment snapshot: 32 random lower-case hex digits, never a hash of its content.</summary>
[JsonConverter(typeof(ParsableJsonConverter<SnapshotId>))]
public readonly record struct SnapshotId : IParsable<SnapshotId>
{
    private readonly string? _value;

    private SnapshotId(string value) => _value = value;

    /// <summary>Creates a new random id.</summary>
    public static SnapshotId New() => new(RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SnapshotId result)
    {
        var ok = s is { Length: 32 } && s.All(char.IsAsciiHexDigitLower);
        result = ok ? new SnapshotId(s!) : default;
        return ok;
    }

    /// <inheritdoc/>
    public static SnapshotId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not the id of an environment snapshot.");

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
