namespace Releases.Tool;

/// <summary>Formats statuses for people and for JSON.</summary>
internal static class StatusText
{
    public static string Of(PromotionStatus status) => status switch
    {
        PromotionStatus.RollingOut => "rolling out",
        PromotionStatus.RollingBack => "rolling back",
        _ => Code(status),
    };

    /// <summary>Returns the status of a promotion; one that waits for a person is named so.</summary>
    public static string Of(Promotion promotion) => promotion.WaitsForApproval ? "waiting for approval" : Of(promotion.Status);

    public static string Of(ServiceStatus status) => status switch
    {
        ServiceStatus.RollingBack => "rolling back",
        ServiceStatus.RolledBack => "rolled back",
        _ => Code(status),
    };

    public static string Of(EventKind kind) => kind switch
    {
        EventKind.AppCreated => "app created",
        EventKind.AppDeleted => "app deleted",
        EventKind.ReleaseCreated => "release created",
        EventKind.PromotionStarted => "promotion started",
        EventKind.PromotionTakenOver => "promotion taken over",
        EventKind.PromotionCancelRequested => "cancel requested",
        EventKind.PromotionApproved => "promotion approved",
        EventKind.PromotionEnded => "promotion ended",
        EventKind.AppLocked => "app locked",
        EventKind.AppUnlocked => "app unlocked",
        EventKind.OneOffStarted => "one-off started",
        EventKind.Revealed => "values revealed",
        EventKind.RetentionChanged => "retention changed",
        EventKind.ReleasePinned => "release pinned",
        EventKind.ReleaseUnpinned => "release unpinned",
        EventKind.HookAdded => "hook added",
        EventKind.HookRemoved => "hook removed",
        _ => Code(kind),
    };

    public static string Of(ReleaseCommand command) => command switch
    {
        { IsOpen: true } => "running",
        { ExitCode: 0 } => $"done after {Duration.Elapsed(command.EndedAt!.Value - command.StartedAt)}",
        { ExitCode: { } code } => $"ended with code {code}",
        _ => "could not be finished",
    };

    /// <summary>Returns what a timeline lacks before a step.</summary>
    public static string OfOmitted(ServiceStep step) => $"{Quantity.Text(step.Omitted, "change", "changes")} not recorded";

    public static string Code(PromotionStatus status) => Camel(status.ToString());

    public static string Code(RackState state) => Camel(state.ToString());

    public static string Code(AppState state) => Camel(state.ToString());

    public static string Code(HookState state) => Camel(state.ToString());

    public static string Code(VerdictOutcome outcome) => Camel(outcome.ToString());

    public static string Code(ServiceStatus status) => Camel(status.ToString());

    public static string Code(BuildStatus status) => Camel(status.ToString());

    public static string Code(ProcessStatus status) => Camel(status.ToString());

    public static string Code(EventKind kind) => Camel(kind.ToString());

    public static TextStyle StyleOf(PromotionStatus status) => status switch
    {
        PromotionStatus.Succeeded => TextStyle.Good,
        PromotionStatus.Failed or PromotionStatus.Stuck => TextStyle.Bad,
        PromotionStatus.Cancelled => TextStyle.Faint,
        _ => TextStyle.Busy,
    };

    public static TextStyle StyleOf(ServiceStatus status) => status switch
    {
        ServiceStatus.Healthy or ServiceStatus.Complete => TextStyle.Good,
        ServiceStatus.Failed or ServiceStatus.Stuck => TextStyle.Bad,
        ServiceStatus.Waiting or ServiceStatus.RolledBack => TextStyle.Faint,
        _ => TextStyle.Busy,
    };

    /// <summary>Returns the first ten digits of a commit, as in descriptions.</summary>
    public static string? ShortCommit(string? commit) => commit is { Length: > 10 } ? commit[..10] : commit;

    public static string Code(HookOutcome outcome) => Camel(outcome.ToString());

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
