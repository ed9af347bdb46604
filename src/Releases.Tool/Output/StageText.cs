namespace Releases.Tool;

/// <summary>What the rack itself does with a service's traffic, in words.</summary>
internal static class StageText
{
    /// <summary><c>bake time, 100 % of the traffic on new ones</c>; null: nothing to say, or no longer.</summary>
    public static string? Of(PromotionService service) => service switch
    {
        { Stage: null } or { Status: not (ServiceStatus.Starting or ServiceStatus.Healthy or ServiceStatus.Draining) } => null,
        { Share: > 0 } => $"{service.Stage}, {service.Share} % of the traffic on new ones",
        _ => service.Stage,
    };

    /// <summary>The stage and the reason, whichever there is.</summary>
    public static string? WithReason(PromotionService service) =>
        string.Join(": ", new[] { Of(service), service.Reason }.OfType<string>()) is { Length: > 0 } text ? text : null;
}
