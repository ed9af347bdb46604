using Amazon.SecurityToken.Model;

namespace Releases.Aws;

/// <summary>Determines the identity of the caller on AWS. It is only needed for the records, so a failure doesn't stop anything.</summary>
internal static class AwsCaller
{
    private static readonly CallLimits Limits = new(TimeSpan.FromSeconds(3), TimeSpan.Zero);

    /// <summary>
    /// Returns the ARN, or null if the Security Token Service doesn't return it; records then name the user and the machine.
    /// </summary>
    public static async Task<string?> Arn(AwsConnection aws, CancellationToken cancel)
    {
        try
        {
            return await Ask(aws, Limits, cancel);
        }
        catch (Exception unknown) when (AwsFailure.IsAwsFailure(unknown))
        {
            return null;
        }
    }

    /// <summary>Returns the ARN, or fails as the call does.</summary>
    public static async Task<string> Ask(AwsConnection aws, CallLimits limits, CancellationToken cancel)
    {
        using var sts = aws.Caller();
        return await aws.Calls(limits).Retry(
            new("STS", "sts", "GetCallerIdentity", null),
            async token => (await sts.GetCallerIdentityAsync(
                new GetCallerIdentityRequest(), token)).Arn ?? throw new UnreadableResponseException("it has no Arn"), cancel);
    }
}
