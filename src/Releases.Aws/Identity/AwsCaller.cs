using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Releases.Aws;

/// <summary>Whom AWS takes the caller for.</summary>
internal static class AwsCaller
{
    /// <summary>The ARN; null where the Security Token Service cannot be asked from here: who did it is then noted as on any machine.</summary>
    public static async Task<string?> Arn(string region, CancellationToken cancel)
    {
        using var sts = new AmazonSecurityTokenServiceClient(new AmazonSecurityTokenServiceConfig
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region),
            AuthenticationRegion = region,
            Timeout = TimeSpan.FromSeconds(3),
            MaxErrorRetry = 1,
        });
        try
        {
            return (await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancel)).Arn;
        }
        catch (Exception unknown) when (unknown is AmazonServiceException or HttpRequestException or IOException or TimeoutException || (unknown is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
