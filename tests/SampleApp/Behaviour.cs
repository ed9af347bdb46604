using System.Globalization;

namespace SampleApp;

/// <summary>How this instance behaves, from its environment.</summary>
internal sealed record Behaviour
{
    public bool CrashesAtStart { get; } = Has("CRASH_AT_START");

    public bool NeverListens { get; } = Has("NEVER_LISTEN");

    public bool NeedsKestrel =>
        Has("KESTREL") || SignsIn || SpeaksHttp2Alone || SharesPort
        || Port is not null || Host is not null || ListensWhen is not null || ListensUntil is not null;

    public bool IgnoresSigterm { get; } = Has("HANG_ON_SIGTERM");

    public bool SignsIn { get; } = Has("SIGN_IN");

    public bool SpeaksHttp2Alone { get; } = Has("HTTP2");

    public int? Port { get; } = Number("LISTEN_ON");

    public string? Host { get; } = Environment.GetEnvironmentVariable("LISTEN_AT");

    public string? ListensWhen { get; } = Environment.GetEnvironmentVariable("LISTEN_WHEN");

    public string? ListensUntil { get; } = Environment.GetEnvironmentVariable("LISTEN_UNTIL");

    public bool SharesPort { get; } = Has("SHARE_PORT");

    public int Health { get; } = Number("HEALTH") ?? 200;

    public TimeSpan HealthyAfter { get; } = TimeSpan.FromSeconds(Number("HEALTHY_AFTER") ?? 0);

    /// <summary>A file without which it is not healthy, for a test that says when.</summary>
    public string? HealthyWhen { get; } = Environment.GetEnvironmentVariable("HEALTHY_WHEN");

    public TimeSpan? CrashesAfter { get; } = Number("CRASH_AFTER") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>How many of a hundred answers of <c>/work</c> are errors.</summary>
    public int Errors { get; } = Number("ERRORS") ?? 0;

    /// <summary>How long an answer of <c>/work</c> takes.</summary>
    public TimeSpan Delay { get; } = TimeSpan.FromMilliseconds(Number("DELAY") ?? 0);

    public string Greeting { get; } = $"{Environment.GetEnvironmentVariable("RELEASE")} {Environment.GetEnvironmentVariable("GREETING")}"
        .Trim();

    private static bool Has(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
