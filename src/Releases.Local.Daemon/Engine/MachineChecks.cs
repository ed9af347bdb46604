namespace Releases.Local;

/// <summary>Checks whether this machine can run a service's program.</summary>
internal sealed class MachineChecks(MachineCheck machine)
{
    public IEnumerable<Problem> Of(ServiceSpec spec) =>
        spec.Content.Artifact is { } artifact && machine.CanRun(artifact, spec.Environment) is { } problem ? [problem] : [];
}
