namespace Releases;

/// <summary>Represents how to run a release: its services with everything resolved, or what prevents it.</summary>
/// <param name="Services">The services that could be resolved, in the order of the manifest.</param>
/// <param name="Problems">Everything that prevents it.</param>
/// <param name="Timeout">The manifest's time limit for a promotion.</param>
/// <param name="Redactor">Masks the secrets of the environment in records.</param>
public sealed record ReleasePlan(IReadOnlyList<ServiceSpec> Services, IReadOnlyList<Problem> Problems, TimeSpan Timeout, Redactor Redactor)
{
    /// <summary>The time limit without a manifest.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(10);
}
