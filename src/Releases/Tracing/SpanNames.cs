namespace Releases;

/// <summary>Defines the names of a promotion's spans, from which their ids are derived.</summary>
internal static class SpanNames
{
    public const string Promotion = "promotion";

    public const string Check = "check";

    public const string RollOut = "roll out";

    public const string Hold = "hold";

    public const string RollBack = "roll back";

    public static string Release(ServiceName service) => $"release command of {service}";

    public static string Verify(ServiceName service) => $"verify command of {service}";

    public static string RollOutOf(ServiceName service) => $"roll out {service}";

    public static string RollBackOf(ServiceName service) => $"roll back {service}";

    public static string Step(PlanStep step) => $"traffic step {step.Step + 1}";
}
