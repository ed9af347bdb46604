namespace Releases.Local;

/// <summary>Where a service is reached.</summary>
internal sealed class ServiceAddresses(PortBook ports)
{
    /// <summary>By name, through the router; null for a service without port.</summary>
    public string? Url(ServiceSnapshot service) =>
        service.Service?.Port is null ? null : $"http://{service.Key.Service}.{service.Key.App}.localhost:{ports.Router}";

    /// <summary>By its own port, for clients that cannot resolve <c>*.localhost</c>.</summary>
    public string? DirectUrl(ServiceSnapshot service) =>
        service.Service?.Port is null ? null : $"http://127.0.0.1:{ports.Of(service.Key)}";
}
