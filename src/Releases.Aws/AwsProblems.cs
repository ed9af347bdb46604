using System.Net.Sockets;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>What every service of AWS may answer instead of what was asked for, as problems; what is not listed is a bug.</summary>
internal static class AwsProblems
{
    /// <param name="failure">What the SDK threw.</param>
    /// <param name="what">What was to be used, for example <c>the rack's table 'convox-production'</c>.</param>
    public static Problem? From(Exception failure, string what) => failure switch
    {
        AmazonServiceException { ErrorCode: "AccessDeniedException" } denied => new(
            ProblemCode.AwsAccess, $"AWS refused access to {what}: {OneSentence(denied.Message)}; nothing was stored.",
            "Give the caller the action that the message names."),
        AmazonServiceException { ErrorCode: "UnrecognizedClientException" or "ExpiredTokenException" or "InvalidSignatureException" } stale => new(
            ProblemCode.AwsAccess, $"AWS does not accept the credentials: {OneSentence(stale.Message)}; nothing was stored.", "Log in again, for example with: aws sso login"),
        AmazonServiceException { InnerException: HttpRequestException or IOException or SocketException } or HttpRequestException or IOException => new(
            ProblemCode.AwsUnreachable, $"AWS cannot be reached for {what}: {OneSentence(failure.InnerException?.Message ?? failure.Message)}; what runs goes on.",
            "Look at the network, AWS_REGION and AWS_ENDPOINT_URL, and run the command again."),
        // The SDK has no kind of its own for it, and lists over five lines where it looked.
        AmazonClientException nothing when nothing.Message.StartsWith("Failed to resolve AWS credentials", StringComparison.Ordinal) => new(
            ProblemCode.AwsAccess, "There are no AWS credentials here; nothing was stored.",
            "Log in, for example with: aws sso login, and set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
        AmazonClientException unusable => new(
            ProblemCode.AwsAccess, $"AWS cannot be asked: {OneSentence(unusable.Message)}; nothing was stored.", "Log in, or set AWS_PROFILE."),
        _ => null,
    };

    /// <summary>The same for a call of which anything may have come; what AWS refuses in words is a problem too.</summary>
    public static Problem? OfCall(Exception failure, string what) => From(failure, what) ?? failure switch
    {
        UnansweredException unanswered => new(ProblemCode.AwsUnreachable, unanswered.Message, "Look at the network, and promote again."),
        AmazonServiceException refused => new(
            ProblemCode.AwsRefused, $"{what} answered {(string.IsNullOrEmpty(refused.ErrorCode) ? "with an error" : refused.ErrorCode)}: {OneSentence(refused.Message)}.", "Look at the service in ECS, and promote again."),
        _ => null,
    };

    /// <summary>Does it; what the calls refuse, or leave open, fails with a problem.</summary>
    public static async Task<T> Told<T>(string what, Func<Task<T>> deed)
    {
        try
        {
            return await deed();
        }
        catch (Exception failure) when (OfCall(failure, what) is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    private static string OneSentence(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}
