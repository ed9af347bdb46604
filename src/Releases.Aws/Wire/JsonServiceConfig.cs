using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace Releases.Aws;

/// <summary>
/// Represents the SDK's configuration of one service: region, profile, endpoints and proxies come from the usual AWS chain.
/// </summary>
internal sealed class JsonServiceConfig : ClientConfig
{
    public JsonServiceConfig(AwsService service)
        : base(new DefaultConfigurationProvider(
            [new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard }]))
    {
        Service = service;
        ServiceId = service.Id;
        AuthenticationServiceName = service.Signing;
        EndpointProvider = new Addresses(this);
    }

    public AwsService Service { get; }

    public override string ServiceVersion => Service.Version;

    public override string UserAgent { get; } =
        InternalSDKUtils.BuildUserAgentString("dotnet-convox", typeof(JsonServiceConfig).Assembly.GetName().Version?.ToString(3) ?? "0");

    public override string RegionEndpointServiceName => Service.Host;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => Address();

    /// <summary>Returns the endpoint for requests: that of <c>AWS_ENDPOINT_URL_…</c> or a profile, else the region's.</summary>
    private Endpoint Address() => new(ServiceURL is { Length: > 0 } given ? given : Service.Address(RegionEndpoint));

    private sealed class Addresses(JsonServiceConfig config) : IEndpointProvider
    {
        public Endpoint ResolveEndpoint(EndpointParameters parameters) => config.Address();
    }
}
