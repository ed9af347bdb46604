namespace Releases;

/// <summary>Represents where traces are sent, according to OpenTelemetry's own variables.</summary>
/// <param name="Endpoint">The address of the collector's traces endpoint, or null if it isn't one of http or https.</param>
/// <param name="Headers">The headers of every request, such as a key.</param>
/// <param name="Resource">The resource attributes of the spans.</param>
/// <param name="Limit">The time limit for sending.</param>
internal sealed record TraceSettings(
    Uri? Endpoint, IReadOnlyList<KeyValuePair<string, string>> Headers, IReadOnlyList<KeyValuePair<string, object>> Resource,
    TimeSpan Limit)
{
    /// <summary>Caps the limit of the variable, because nobody waits longer for a collector at the end of a command.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Whether the environment asks for gRPC, which isn't supported.</summary>
    public bool IsGrpc { get; private init; }

    /// <summary>Returns the endpoint, and no key.</summary>
    public override string ToString() => Endpoint?.ToString() ?? "";

    /// <summary>Reads the settings; returns null if nothing is to be sent.</summary>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    public static TraceSettings? From(Func<string, string?> variable)
    {
        if (variable("OTEL_SDK_DISABLED") is { } disabled && disabled.Equals("true", StringComparison.OrdinalIgnoreCase)) return null;
        if (variable("OTEL_TRACES_EXPORTER") is { Length: > 0 } exporter && exporter != "otlp") return null;
        if (EndpointIn(variable) is not { } stated) return null;
        var headers = Stated(variable, "OTEL_EXPORTER_OTLP_TRACES_HEADERS") ?? Stated(variable, "OTEL_EXPORTER_OTLP_HEADERS");
        var timeout = variable("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT") ?? variable("OTEL_EXPORTER_OTLP_TIMEOUT");
        var limit = int.TryParse(timeout, out var milliseconds) && milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds) : LongestWait;
        var isWeb = Uri.TryCreate(stated, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https";
        return new(isWeb ? endpoint : null, [.. Pairs(headers)], [.. ResourceIn(variable)], limit < LongestWait ? limit : LongestWait)
        {
            IsGrpc = (Stated(variable, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? Stated(variable, "OTEL_EXPORTER_OTLP_PROTOCOL")) == "grpc",
        };
    }

    private static string? EndpointIn(Func<string, string?> variable) =>
        Stated(variable, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        ?? (Stated(variable, "OTEL_EXPORTER_OTLP_ENDPOINT") is { } shared ? $"{shared.TrimEnd('/')}/v1/traces" : null);

    private static IEnumerable<KeyValuePair<string, object>> ResourceIn(Func<string, string?> variable)
    {
        var stated = Pairs(Stated(variable, "OTEL_RESOURCE_ATTRIBUTES")).ToDictionary(StringComparer.Ordinal);
        stated["service.name"] = Stated(variable, "OTEL_SERVICE_NAME") ?? stated.GetValueOrDefault("service.name", "dotnet-convox");
        stated.TryAdd("service.version", ToolVersion.Text);
        return stated.Select(a => KeyValuePair.Create(a.Key, (object)a.Value));
    }

    /// <summary>Parses <c>key=value,key=value</c>, percent-encoded; entries that aren't pairs are skipped, as in OpenTelemetry.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Pairs(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0].Trim().Length > 0)
            .Select(p => KeyValuePair.Create(p[0].Trim(), Uri.UnescapeDataString(p[1].Trim())))
            .DistinctBy(p => p.Key);

    private static string? Stated(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value : null;
}
