using System.Net.Sockets;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>The one place that turns what DynamoDB and the SDK answer into problems; what is not listed is a bug.</summary>
internal static class DynamoProblems
{
    public static Problem? From(Exception failure, string table) => failure switch
    {
        ResourceNotFoundException => new(
            ProblemCode.NoRack, $"There is no table '{table}', so the rack is not there yet; nothing was stored.", "Make it with: dotnet convox rack init"),
        ProvisionedThroughputExceededException or RequestLimitExceededException => Busy(table),
        AmazonServiceException { ErrorCode: "AccessDeniedException" } denied => new(
            ProblemCode.AwsAccess, $"AWS refused access to the rack's table '{table}': {OneSentence(denied.Message)}; nothing was stored.",
            "docs/aws.md lists the actions that the caller needs; dotnet convox rack check names what is missing."),
        AmazonServiceException { ErrorCode: "UnrecognizedClientException" or "ExpiredTokenException" or "InvalidSignatureException" } stale => new(
            ProblemCode.AwsAccess, $"AWS does not accept the credentials: {OneSentence(stale.Message)}; nothing was stored.", "Log in again, for example with: aws sso login"),
        AmazonServiceException { InnerException: HttpRequestException or IOException or SocketException } => Unreachable(failure),
        HttpRequestException => Unreachable(failure),
        AmazonClientException credentials => new(
            ProblemCode.AwsAccess, $"AWS cannot be asked: {OneSentence(credentials.Message)}; nothing was stored.", "Log in, or set AWS_PROFILE."),
        _ => null,
    };

    public static Problem Busy(string table) => new(
        ProblemCode.StoreBusy, $"Others wrote to the rack's table '{table}' all the time, so this command did not get its turn; nothing was stored.", "Run the command again.");

    private static Problem Unreachable(Exception failure) => new(
        ProblemCode.AwsUnreachable, $"DynamoDB cannot be reached: {OneSentence(failure.InnerException?.Message ?? failure.Message)}; what runs goes on.",
        "Look at the network, AWS_REGION and AWS_ENDPOINT_URL, and run the command again.");

    private static string OneSentence(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}
