using Amazon.SecurityToken.Model;

namespace Releases.Aws;

/// <summary>The caller as AWS identifies it. It is for the records alone: if it can't be determined, nothing ends.</summary>
internal static class AwsCaller
{
    private static readonly CallLimits Limits = new(TimeSpan.FromSeconds(3), TimeSpan.Zero);

    /// <summary>The ARN; null if the Security Token Service doesn't return it: records then name the user and machine.</summary>
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

    /// <summary>The ARN, or a failure of the call.</summary>
    public static async Task<string> Ask(AwsConnection aws, CallLimits limits, CancellationToken cancel)
    {
        using var sts = aws.Caller();
        return await aws.Calls(limits).Retry(
            new("STS", "sts", "GetCallerIdentity", null),
            async token => (await sts.GetCallerIdentityAsync(
                new GetCallerIdentityRequest(), token)).Arn ?? throw new UnreadableResponseException("it has no Arn"), cancel);
    }
}
