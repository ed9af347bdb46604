namespace Releases.Tool;

/// <summary>Formats what the rack itself does with a service's traffic.</summary>
internal static class StageText
{
    /// <summary>
    /// Returns the stage, such as <c>bake time, 100 % of the traffic on new ones</c>, or null if there is none (any longer).
    /// </summary>
    public static string? Of(PromotionService service) => service switch
    {
        { Stage: null } or { Status: not (ServiceStatus.Starting or ServiceStatus.Healthy or ServiceStatus.Draining) } => null,
        { Share: > 0 } => $"{service.Stage}, {service.Share} % of the traffic on new ones",
        _ => service.Stage,
    };

    /// <summary>Returns the stage and the reason, whichever are present, or null.</summary>
    public static string? WithReason(PromotionService service) =>
        string.Join(": ", new[] { Of(service), service.Reason }.OfType<string>()) is { Length: > 0 } text ? text : null;
}
