namespace Releases.Testing;

public static class EnvironmentReleaseExtensions
{
    /// <summary>Creates the release alone, without a promotion.</summary>
    public static Task<CreatedRelease?> Create(
        this EnvironmentRelease environments, EnvironmentRequest request, CancellationToken cancel = default) =>
        environments.Create(request, write: null, cancel);
}
