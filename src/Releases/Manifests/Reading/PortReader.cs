namespace Releases;

/// <summary>Reads <c>port</c> in Convox's forms: a number, <c>grpc:5000</c>, or <c>port</c> and <c>scheme</c>.</summary>
internal static class PortReader
{
    private const string Forms = "Write a number such as 8080, a scheme and a number such as grpc:8080, or { port: 8080, scheme: grpc }.";
    private static readonly string[] Schemes = ["http", "https", "grpc", "grpcs"];

    public static (int? Port, string? Scheme) Read(YamlValue? value, ManifestDiagnostics diagnostics)
    {
        if (value is YamlMap) return ReadMap(value, diagnostics);
        if (value is not YamlScalar scalar || scalar.Text.IndexOf(':', StringComparison.Ordinal) is not (>= 0 and var colon))
            return (Number(value, diagnostics), null);
        if (!IsScheme(scalar, scalar.Text[..colon], diagnostics)) return default;
        if (scalar.Text[(colon + 1)..] is var digits && digits.All(char.IsAsciiDigit)
            && ValueReader.Whole(digits) is >= 1 and <= 65535 and var port)
            return (port, scalar.Text[..colon]);
        diagnostics.Error(scalar, "'port' must be a whole number from 1 to 65535.");
        return default;
    }

    private static (int? Port, string? Scheme) ReadMap(YamlValue value, ManifestDiagnostics diagnostics)
    {
        if (ManifestSection.Read(value, ManifestKeys.Port, diagnostics, "'port'") is not { } map) return default;
        var name = diagnostics.Text(map["scheme"], "port.scheme");
        if (name is not null) IsScheme(map["scheme"]!, name, diagnostics);
        if (map["port"] is { } port) return (Number(port, diagnostics), name);
        diagnostics.Error(value, "'port' has no port number.", Forms);
        return default;
    }

    private static int? Number(YamlValue? value, ManifestDiagnostics diagnostics) => diagnostics.Number(value, "port", 1, 65535, Forms);

    private static bool IsScheme(YamlValue at, string scheme, ManifestDiagnostics diagnostics)
    {
        if (!Schemes.Contains(scheme, StringComparer.Ordinal))
        {
            diagnostics.Error(at, $"'{scheme}' isn't a scheme of 'port'.", $"Use one of {string.Join(", ", Schemes)}.");
            return false;
        }

        if (scheme.EndsWith('s'))
            diagnostics.WarnOfLocalRack(at, $"the local rack doesn't use TLS to reach processes, even with {scheme}.");
        return true;
    }
}
