namespace Releases.Local;

/// <summary>What one health check found.</summary>
/// <param name="Healthy">Whether the answer counts as healthy.</param>
/// <param name="Refused">Nothing listens at the port: it does not listen yet, no longer, or elsewhere.</param>
/// <param name="Reason">Why it is not healthy, to follow the process's name in a sentence: <c>answered 500</c>; null when healthy.</param>
internal sealed record HealthResult(bool Healthy, bool Refused, string? Reason)
{
    public static HealthResult Good { get; } = new(true, false, null);

    public static HealthResult Bad(string reason) => new(false, false, reason);
}
