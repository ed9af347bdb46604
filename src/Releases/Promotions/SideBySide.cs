namespace Releases;

/// <summary>
/// Determines whether all old and all new processes of a service may run at once, so that the new ones can be tested before they get
/// traffic.
/// </summary>
public static class SideBySide
{
    /// <summary>The smallest <c>deployment.maximum</c> that allows it, in percent.</summary>
    public const int Maximum = 200;

    /// <summary>Determines whether the service's limits allow it.</summary>
    public static bool Allows(Service service) => service.Deployment.Maximum >= Maximum;

    /// <summary>Returns what doesn't allow it: <c>singleton</c>, or the stated maximum.</summary>
    public static string Obstacle(Service service) => IsSingleton(service) ? "singleton" : $"a maximum of {service.Deployment.Maximum}";

    /// <summary>Returns the change to the service that allows it, without a period.</summary>
    public static string Remedy(Service service) =>
        IsSingleton(service) ? "Remove 'singleton'" : $"Raise 'deployment.maximum' to {Maximum}";

    /// <summary><c>singleton</c> sets both limits.</summary>
    private static bool IsSingleton(Service service) =>
        service.Deployment is { Minimum: 0, Maximum: 100 } && !service.Stated.Contains("deployment.maximum");
}
