namespace Releases.Local;

/// <summary>Provides the addresses of services. An address whose port another program has isn't included.</summary>
internal sealed class ServiceAddresses(PortRegistry ports, RackPorts opened)
{
    /// <summary>
    /// Returns the address by name, through the router, or null for a service without a port or while another program has the router's
    /// port.
    /// </summary>
    public string? Url(ServiceSnapshot service) =>
        service.Service?.Port is null || opened.ProblemAt(ports.Router) is not null ? null
            : $"http://{service.Key.Service}.{service.Key.App}.localhost:{ports.Router}";

    /// <summary>
    /// Returns the address with the service's own port, for clients that can't resolve <c>*.localhost</c>, or null for a service without a
    /// port or while another program has that port.
    /// </summary>
    public string? DirectUrl(ServiceSnapshot service) =>
        service.Service?.Port is null || opened.ProblemAt(ports.PortFor(service.Key)) is not null ? null
            : ServiceUrls.Direct(ports.PortFor(service.Key));

    /// <summary>Returns why a service can't be reached at one of its addresses, or null if it can.</summary>
    public string? Problem(ServiceSnapshot service) =>
        service.Problem ?? (service.Service?.Port is null ? null : opened.ProblemAt(ports.Router)?.Message);
}
