namespace Releases.Tool;

/// <summary>Specifies how the deliveries of a hook go.</summary>
internal enum HookState
{
    /// <summary>There was no event yet.</summary>
    Waiting,

    /// <summary>The last event isn't to be delivered again.</summary>
    Ok,

    /// <summary>An event is to be delivered again.</summary>
    Failing,

    /// <summary>Nothing more is delivered.</summary>
    Disabled,
}

/// <summary>Formats hooks and their deliveries for people.</summary>
internal static class HookText
{
    public static HookState StateOf(HookStatus hook) => hook switch
    {
        { Progress.DisabledAt: not null } => HookState.Disabled,
        { Progress.NextAttempt: not null } => HookState.Failing,
        { Last: null } => HookState.Waiting,
        _ => HookState.Ok,
    };

    public static Cell CellOf(HookOutcome outcome) => outcome switch
    {
        HookOutcome.Delivered => new("delivered", TextStyle.Good),
        HookOutcome.Retrying => new("retrying", TextStyle.Bad),
        HookOutcome.GivenUp => new("given up", TextStyle.Bad),
        _ => new("skipped", TextStyle.Plain),
    };

    public static string Of(HookAttempt last, DateTimeOffset now) =>
        $"{KindOf(last.Kind)} {RelativeTime.Of(last.At, now)}{(last.Detail is { } why ? $": {why}" : "")}";

    /// <summary>Returns the text for an event's kind; a test isn't an event, so its name is returned as is.</summary>
    public static string KindOf(string name) => Enum.TryParse<EventKind>(name, ignoreCase: true, out var kind) ? StatusText.Of(kind) : name;

    /// <summary>Returns why a test wasn't delivered, or null if it was.</summary>
    public static Problem? NotDelivered(HookId hook, HookAttempt test) => test.Outcome == HookOutcome.Delivered ? null : new(
        ProblemCode.HookNotDelivered, $"the test wasn't delivered: {test.Detail}. Nothing else waits for this hook.",
        Remedy.Do(Operation.TestHook, "Test it again once the receiver answers", hook.ToString()));

    /// <summary>Returns the message for a delivered test.</summary>
    public static string Delivered(HookAttempt test) =>
        $"Delivered a test in {test.Milliseconds} ms{(test.Status is { } status ? $"; the receiver answered {status}" : "")}.";

    public static string Removed(Hook hook) => $"Removed hook {hook.Id}: nothing more is delivered to {hook.Target}.";

    public static Table Facts(HookStatus hook, DateTimeOffset now)
    {
        var facts = new Table();
        facts.Add("Id", hook.Hook.Id.ToString());
        facts.Add("Target", hook.Hook.Target);
        facts.Add("Format", $"{hook.Hook.Payload}".ToLowerInvariant());
        facts.Add("Events", string.Join(", ", hook.Hook.Events));
        if (hook.Hook.AllowsPrivate) facts.Add("Network", "private addresses are allowed");
        facts.Add("Status", StateOf(hook).ToCell());
        if (hook.Progress.NextAttempt is { } next) facts.Add("Next attempt", next > now ? $"in {Duration.Text(next - now)}" : "now");
        facts.Add("Added", $"{RelativeTime.Of(hook.Hook.CreatedAt, now)} by {hook.Hook.CreatedBy}");
        return facts;
    }
}
