namespace Releases;

/// <summary>Represents someone else's deployment that was shown, and confirmed to be superseded, before the promotion began.</summary>
/// <param name="Service">The service.</param>
/// <param name="Deployment">The rack's own id of the deployment.</param>
/// <param name="WayBack">The rack's own id of what a rollback returns to, or null if it is unknown.</param>
public sealed record SupersededDeployment(ServiceName Service, string Deployment, string? WayBack) : Extensible;
