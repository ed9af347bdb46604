namespace Releases.Local;

/// <summary>What every instance works with.</summary>
internal sealed record InstanceParts(
    WorkingCopies Copies, ProcessEnvironments Environment, ProcessLauncher ProcessLauncher, ToolCommand Tool, ProcessRecords Records, PortRegistry Ports,
    Router Router, RackPorts RackPorts, HealthProbe Probe, ServiceLogs Logs, DaemonLog Log, TimeProvider Time);
