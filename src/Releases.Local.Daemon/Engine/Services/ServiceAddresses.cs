namespace Releases.Local;

/// <summary>Where a service is reached. An address that another program answers at is none.</summary>
internal sealed class ServiceAddresses(PortRegistry ports, RackPorts opened)
{
    /// <summary>By name, through the router; null for a service without port, and while the router has not got its own.</summary>
    public string? Url(ServiceSnapshot service) =>
        service.Service?.Port is null || opened.ProblemAt(ports.Router) is not null ? null
            : $"http://{service.Key.Service}.{service.Key.App}.localhost:{ports.Router}";

    /// <summary>
    /// By its own port, for clients that cannot resolve <c>*.localhost</c>; null also while another program has that port.
    /// </summary>
    public string? DirectUrl(ServiceSnapshot service) =>
        service.Service?.Port is null || opened.ProblemAt(ports.PortFor(service.Key)) is not null ? null
            : ServiceUrls.Direct(ports.PortFor(service.Key));

    /// <summary>Why it is not reached at one of them.</summary>
    public string? Problem(ServiceSnapshot service) =>
        service.Problem ?? (service.Service?.Port is null ? null : opened.ProblemAt(ports.Router)?.Message);
}
