namespace Releases.Local;

/// <summary>Determines from the limits of its services why a rollout can't be carried out on a local rack.</summary>
internal static class LimitChecks
{
    public static IEnumerable<Problem> Of(Rollout rollout) =>
    [
        .. rollout.Services.Where(s => !Scheduler.CanMove(s.Count, s.Service.Deployment)).Select(CannotBeReplaced),
        .. rollout.Services.Where(s => rollout.Terms.Holds && s.Count > 0 && !SideBySide.Allows(s.Service)).Select(CannotBeHeld),
    ];

    private static Problem CannotBeReplaced(ServiceSpec spec) => NotHere(
        $"{spec.Service.Name} can't be replaced: with {Quantity.Text(spec.Count, "process", "processes")}, "
            + $"deployment.minimum {spec.Service.Deployment.Minimum} and maximum {spec.Service.Deployment.Maximum} "
            + "leave no room to start or stop one.",
        "Raise the maximum or lower the minimum.");

    private static Problem CannotBeHeld(ServiceSpec spec) => NotHere(
        $"{spec.Service.Name} can't be held: with {SideBySide.Obstacle(spec.Service)}, old processes end to start the new ones.",
        $"{SideBySide.Remedy(spec.Service)}, or promote without a hold.");

    private static Problem NotHere(string message, string remedy) => new(ProblemCode.NotSupported, message, remedy);
}
