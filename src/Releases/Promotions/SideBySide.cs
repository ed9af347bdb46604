namespace Releases;

/// <summary>Whether all old and all new processes of a service may run at once, so that the new ones can be tried before anybody sees
/// them.</summary>
public static class SideBySide
{
    /// <summary>The least <c>deployment.maximum</c> for that, in percent.</summary>
    public const int Maximum = 200;

    /// <summary>Whether the service's limits allow it.</summary>
    public static bool Allows(Service service) => service.Deployment.Maximum >= Maximum;
}
