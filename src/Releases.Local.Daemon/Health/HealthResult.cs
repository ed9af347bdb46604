namespace Releases.Local;

/// <summary>Represents the result of a health check.</summary>
/// <param name="Healthy">Whether the response counts as healthy.</param>
/// <param name="Refused">Whether nothing listens on the port, because the process doesn't listen yet, no longer, or elsewhere.</param>
/// <param name="Reason">Why the process isn't healthy, as a predicate such as <c>answered 500</c>; null if it is healthy.</param>
internal sealed record HealthResult(bool Healthy, bool Refused, string? Reason)
{
    public static HealthResult Good { get; } = new(true, false, null);

    public static HealthResult Bad(string reason) => new(false, false, reason);

    public static HealthResult NotThere(string reason) => new(false, true, reason);

    /// <summary>Creates the result for a listener that doesn't speak HTTP, or only over TLS.</summary>
    public static HealthResult Unspoken(string reason) => new(false, false, reason) { SpeaksNoHttp = true };

    /// <summary>Creates the result for a port that another program has.</summary>
    public static HealthResult Taken(string owner, int port) =>
        new(false, false, $"doesn't have port {port}, where {owner} listens") { Owner = owner };

    /// <summary>Creates the result of a check that couldn't be made, which says nothing about the process.</summary>
    public static HealthResult Unknown { get; } = new(false, false, "couldn't be checked: the daemon has too many open files")
    {
        IsUnknown = true,
    };

    /// <summary>Gets whether the check couldn't be made.</summary>
    public bool IsUnknown { get; init; }

    public bool SpeaksNoHttp { get; init; }

    /// <summary>Gets whether it was a descendant of the process that answered.</summary>
    public bool AnsweredByChild { get; init; }

    /// <summary>Gets the other program that listens on the port, for people.</summary>
    public string? Owner { get; init; }
}
