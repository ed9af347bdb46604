using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace Releases.Aws;

/// <summary>
/// Registers the services from which profiles with <c>role_arn</c>, <c>sso_session</c> or a web identity get their credentials. The SDK
/// finds them by reflection, which fails in a native binary unless they are registered or preserved.
/// </summary>
internal static class SignInServices
{
    private static readonly Lazy<bool> Registered = new(() =>
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSSOClient(context =>
            new AmazonSSOClient(
                new AnonymousAWSCredentials(), new AmazonSSOConfig { RegionEndpoint = context.SSOClientContextData.Region }));
        registry.RegisterSSOOIDCClient(context =>
            new AmazonSSOOIDCClient(
                new AnonymousAWSCredentials(), new AmazonSSOOIDCConfig { RegionEndpoint = context.SSOOIDCClientContextData.Region }));
        return true;
    });

    /// <summary>Registers the services with the SDK, once per process.</summary>
    /// <remarks>
    /// The Security Token Service is preserved rather than registered, because a registered client wouldn't get the source profile's
    /// credentials.
    /// </remarks>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    public static void Register() => _ = Registered.Value;
}
