namespace Releases.Local;

/// <summary>What one health check found.</summary>
/// <param name="Healthy">Whether the answer counts as healthy.</param>
/// <param name="Refused">Nothing listens at the port: it does not listen yet, no longer, or elsewhere.</param>
/// <param name="Reason">Why it is not healthy, to follow the process's name in a sentence: <c>answered 500</c>; null when healthy.</param>
internal sealed record HealthResult(bool Healthy, bool Refused, string? Reason)
{
    public static HealthResult Good { get; } = new(true, false, null);

    public static HealthResult Bad(string reason) => new(false, false, reason);

    public static HealthResult NotThere(string reason) => new(false, true, reason);

    /// <summary>What listens speaks something else than HTTP, or HTTP that is encrypted.</summary>
    public static HealthResult Unspoken(string reason) => new(false, false, reason) { SpeaksNoHttp = true };

    /// <summary>Another program has the port.</summary>
    public static HealthResult Taken(string owner, int port) =>
        new(false, false, $"doesn't have port {port}, where {owner} listens") { Owner = owner };

    public bool SpeaksNoHttp { get; init; }

    /// <summary>Another program that listens at the port, for people.</summary>
    public string? Owner { get; init; }
}
