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
}
