using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>Creates instances with what their processes need.</summary>
internal sealed class InstanceFactory(
    ReleaseProcesses processes, PortRegistry ports, Router router, HealthProbe probe, DaemonLog log, TimeProvider time)
{
    /// <summary>Writes a line to the daemon's log.</summary>
    public void Report(string line) => log.Write(line);

    /// <param name="revision">The revision to run.</param>
    /// <param name="runner">The runner of the service.</param>
    /// <param name="restarts">The number of restarts, including the one that creates this instance.</param>
    public ServiceInstance Create(Revision revision, ServiceRunner runner, int restarts) => new(
        $"{revision.Service.Name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}", revision, restarts, runner,
        instance => new(instance, processes, ports, router, probe, time), log, time);
}
