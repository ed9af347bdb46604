namespace Releases.Local;

/// <summary>Checks whether this machine can run a service as its manifest requires.</summary>
internal sealed class MachineChecks(MachineCheck machine)
{
    public IEnumerable<Problem> Of(ServiceSpec spec)
    {
        var service = spec.Service;
        if (!Scheduler.CanMove(spec.Count, service.Deployment))
            yield return NotHere(
                $"{service.Name} can't be replaced: with {Quantity.Text(spec.Count, "process", "processes")}, "
                + $"deployment.minimum {service.Deployment.Minimum} and maximum {service.Deployment.Maximum} "
                + "leave no room to start or stop one.",
                "Raise the maximum or lower the minimum.");
        if (spec.Content.Artifact is { } artifact && machine.CanRun(artifact) is { } problem)
            yield return problem;
    }

    /// <summary>Returns why a rollout with a hold can't be held.</summary>
    public static IEnumerable<Problem> OfHold(Rollout rollout) =>
        rollout.Services.Where(s => rollout.Terms.Holds && s.Count > 0 && !SideBySide.Allows(s.Service)).Select(s => NotHere(
            $"{s.Service.Name} can't be held: with {SideBySide.Obstacle(s.Service)}, old processes end to start the new ones.",
            $"{SideBySide.Remedy(s.Service)}, or promote without a hold."));

    private static Problem NotHere(string message, string remedy) => new(ProblemCode.NotSupported, message, remedy);
}
