using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>Creates instances, each with what its process needs.</summary>
internal sealed class InstanceFactory(
    ReleaseProcesses processes, PortRegistry ports, Router router, HealthProbe probe, DaemonLog log, TimeProvider time)
{
    /// <param name="revision">What it runs.</param>
    /// <param name="runner">The runner that keeps it.</param>
    /// <param name="restarts">How often the instance that it replaces was restarted, and it with that.</param>
    public ServiceInstance Create(Revision revision, ServiceRunner runner, int restarts) => new(
        $"{revision.Service.Name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}", revision, restarts, runner,
        instance => new(instance, processes, ports, router, probe, time), log, time);
}
