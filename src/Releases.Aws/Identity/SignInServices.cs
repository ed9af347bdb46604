using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace Releases.Aws;

/// <summary>
/// The services that profiles with <c>role_arn</c>, <c>sso_session</c> or a web identity get their credentials from. The SDK
/// looks them up by name, which finds nothing in a native binary, unless it was told where they are or they were kept for it.
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

    /// <summary>Makes them known to the SDK, once in a process.</summary>
    /// <remarks>The Security Token Service is kept, not registered: a registered client wouldn't get the source profile's
    /// credentials.</remarks>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    public static void Register() => _ = Registered.Value;
}
