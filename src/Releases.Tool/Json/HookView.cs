namespace Releases.Tool;

/// <summary>A hook; <c>secret</c> is present only when the hook was just added.</summary>
internal sealed record HookView(
    string Id, string App, string Format, string Target, IReadOnlyList<string> Events, bool AllowPrivate, string Status,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt, string CreatedBy, string? Secret, IReadOnlyList<HookDeliveryView> Deliveries)
{
    public static HookView Of(HookStatus status, string? secret = null)
    {
        var hook = status.Hook;
        return new(
            hook.Id.ToString(), hook.App.ToString(), hook.Payload.ToString().ToLowerInvariant(), hook.Target, hook.Events,
            hook.AllowsPrivate,
            StatusText.Code(HookText.StateOf(status)), status.Progress.NextAttempt, hook.CreatedAt, hook.CreatedBy, secret,
            [.. status.Progress.Deliveries.Select(HookDeliveryView.Of)]);
    }
}

/// <summary>The last delivery attempt of an event; <c>httpStatus</c> is the receiver's response.</summary>
internal sealed record HookDeliveryView(
    string Id, string Kind, DateTimeOffset At, string Outcome, int Attempt, long Milliseconds, int? HttpStatus, string? Detail)
{
    public static HookDeliveryView Of(HookAttempt attempt) => new(
        attempt.Event, attempt.Kind, attempt.At, StatusText.Code(attempt.Outcome), attempt.Attempt, attempt.Milliseconds, attempt.Status,
        attempt.Detail);
}
