namespace Releases;

/// <summary>Converts an observation to a service's record.</summary>
internal static class ObservedService
{
    public static PromotionService From(PromotionService service, Observation seen, Redactor redactor, DateTimeOffset now) => (service with
    {
        Desired = seen.Desired ?? service.Desired,
        Running = seen.Running,
        Healthy = seen.Healthy,
        Old = seen.Old,
        Share = seen.Share,
        Stage = seen.Stage,
        MovesLast = service.MovesLast || seen.State == ObservedState.Waiting,
        Reason = KeptOutput.Reason(seen.Reason, redactor),
        LastLines = Newer(service.LastLines, KeptOutput.Lines(seen.LastLines, redactor)),
        Warnings = Newer(service.Warnings, [.. seen.Warnings.Select(w => KeptOutput.Reason(w, redactor))]),
        CompletedAt = seen.State == ObservedState.Complete
            ? seen.CompletedAt ?? service.CompletedAt ?? now - (seen.CompleteFor ?? TimeSpan.Zero)
            : null,
    }).At(StatusOf(seen.State, service.Status), now);

    /// <summary>A draining service isn't shown as <c>healthy</c> again.</summary>
    private static ServiceStatus StatusOf(ObservedState state, ServiceStatus current) => state switch
    {
        ObservedState.Waiting => ServiceStatus.Waiting,
        ObservedState.Starting => ServiceStatus.Starting,
        ObservedState.Healthy => current == ServiceStatus.Draining ? ServiceStatus.Draining : ServiceStatus.Healthy,
        ObservedState.Draining => ServiceStatus.Draining,
        ObservedState.Complete => ServiceStatus.Complete,
        ObservedState.Failed or ObservedState.Superseded => ServiceStatus.Failed,
        _ => throw new InvalidOperationException($"The engine answered with the state {state}."),
    };

    /// <summary>Keeps the same list if nothing is new, so that records compare equal and nothing is written.</summary>
    private static IReadOnlyList<string> Newer(IReadOnlyList<string> known, IReadOnlyList<string> seen) =>
        seen.Count == 0 || known.SequenceEqual(seen) ? known : seen;
}
