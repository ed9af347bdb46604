namespace Releases;

/// <summary>What running a release means: its services with everything resolved, or what prevents it.</summary>
/// <param name="Services">The services that could be resolved, in the manifest's order.</param>
/// <param name="Problems">What prevents it: all of it at once.</param>
/// <param name="Timeout">The manifest's limit for a promotion.</param>
/// <param name="Redactor">Masks the environment's values in records.</param>
public sealed record ReleasePlan(IReadOnlyList<ServiceSpec> Services, IReadOnlyList<Problem> Problems, TimeSpan Timeout, Redactor Redactor)
{
    /// <summary>The limit without one in the manifest.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(10);
}
