namespace Releases.Local;

/// <summary>What every instance works with.</summary>
internal sealed record InstanceParts(
    WorkingCopies Copies, ProcessEnvironments Environment, Spawner Spawner, ToolCommand Tool, ProcessRecords Records, PortBook Ports,
    Router Router, RackPorts RackPorts, HealthProbe Probe, ServiceLogs Logs, DaemonLog Log, TimeProvider Time);
