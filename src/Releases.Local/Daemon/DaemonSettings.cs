namespace Releases.Local;

/// <summary>
/// Represents what users may set for a daemon, which refuses to start if it isn't valid. Commands check it first, so that they can say why
/// and don't stop a running daemon for one that can't start.
/// </summary>
/// <param name="Ports">The ports that the rack keeps, in <c>ports.json</c>.</param>
/// <param name="Processes">The port range of processes, if <c>CONVOX_PORTS</c> states one.</param>
/// <param name="Router">The router's settings, in <c>router.json</c>.</param>
internal sealed record DaemonSettings(KeptPorts Ports, PortRange? Processes, RouterSettings Router)
{
    /// <summary>Reads the settings of a home.</summary>
    /// <exception cref="ProblemException">
    /// Fails with <see cref="ProblemCode.DamagedStore"/>, <see cref="ProblemCode.ProcessPorts"/> or
    /// <see cref="ProblemCode.RouterSettings"/>.
    /// </exception>
    public static DaemonSettings Read(LocalHome home) => new(
        KeptPorts.Read(home), PortRange.FromEnvironment(Environment.GetEnvironmentVariable(PortRange.Variable)),
        RouterSettings.Read(home));
}
