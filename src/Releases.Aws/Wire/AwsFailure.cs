using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Specifies why a call to AWS failed, as far as it matters to the caller.</summary>
internal enum AwsFailureKind
{
    /// <summary>There were too many calls; the call did nothing.</summary>
    Throttled,

    /// <summary>AWS itself failed; what the call did is unknown.</summary>
    ServerError,

    /// <summary>The response can't be read; what the call did is unknown.</summary>
    Unreadable,

    /// <summary>There was no connection, or it was closed; what the call did is unknown.</summary>
    Unreachable,

    /// <summary>There was no response in time; what the call did is unknown.</summary>
    TimedOut,

    /// <summary>The caller doesn't have the permission.</summary>
    Denied,

    /// <summary>The credentials aren't accepted, or no longer.</summary>
    Credentials,

    /// <summary>This machine's clock differs too much from AWS's.</summary>
    Clock,

    /// <summary>There are no credentials, or their source failed.</summary>
    NoCredentials,

    /// <summary>AWS refused the call with an error code; the call did nothing.</summary>
    Refused,
}

/// <summary>Classifies the failures of calls to AWS.</summary>
internal static class AwsFailure
{
    private static readonly string[] Throttles =
    [
        "ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "TooManyRequests", "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException", "SlowDown", "BandwidthLimitExceeded", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException", "TransactionInProgressException", "EC2ThrottledException",
    ];

    /// <summary>The codes with which the services report their own failures, some of them with status 400.</summary>
    private static readonly string[] Failures =
    [
        "InternalServerError", "InternalServerException", "InternalServiceError", "InternalServiceErrorException", "InternalFailure",
        "InternalError", "ServerException",
        "ServiceUnavailable", "ServiceUnavailableException", "DependencyTimeoutException", "KMSInternalException",
        "KeyUnavailableException", "RequestTimeout", "RequestTimeoutException",
    ];

    private static readonly string[] Denials = ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation",
        "NotAuthorized", "AuthorizationError"];

    private static readonly string[] StaleCredentials =
    [
        "UnrecognizedClientException", "UnrecognizedClient", "ExpiredTokenException", "ExpiredToken", "InvalidSignatureException",
        "SignatureDoesNotMatch", "InvalidClientTokenId",
        "IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
        "InvalidToken", "InvalidAccessKeyId", "AuthFailure", "OptInRequired",
    ];

    private static readonly string[] WrongTimes = ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"];

    public static AwsFailureKind KindOf(Exception failure) => failure switch
    {
        UnknownOutcomeException unanswered => KindOf(unanswered.InnerException!),
        UnreadableResponseException => AwsFailureKind.Unreadable,
        TimeoutException => AwsFailureKind.TimedOut,
        AmazonServiceException service => KindOf(service),
        HttpRequestException or IOException or SocketException => AwsFailureKind.Unreachable,
        _ => AwsFailureKind.NoCredentials,
    };

    /// <summary>Determines whether a retry of the same call may soon succeed.</summary>
    public static bool IsTransient(Exception failure) =>
        KindOf(failure) is AwsFailureKind.Throttled or AwsFailureKind.ServerError or AwsFailureKind.Unreadable or AwsFailureKind.Unreachable
            or AwsFailureKind.TimedOut;

    /// <summary>Determines whether it concerns the caller rather than the call: its credentials or its clock.</summary>
    public static bool IsOfCaller(Exception failure) =>
        KindOf(failure) is AwsFailureKind.Credentials or AwsFailureKind.Clock or AwsFailureKind.NoCredentials;

    /// <summary>
    /// Determines whether AWS refused the call with an error code and will refuse it again. Problems with the credentials don't count,
    /// because they don't concern the call.
    /// </summary>
    public static bool IsPermanent(Exception failure) => KindOf(failure) is AwsFailureKind.Refused or AwsFailureKind.Denied;

    /// <summary>Determines whether a call that changes something may nevertheless have taken effect.</summary>
    public static bool MayHaveTakenEffect(Exception failure) =>
        KindOf(failure) is AwsFailureKind.ServerError or AwsFailureKind.Unreadable or AwsFailureKind.Unreachable or AwsFailureKind.TimedOut;

    /// <summary>Determines whether nothing listens at the address, or it doesn't exist.</summary>
    public static bool IsNoListener(Exception failure) => failure is SocketException
    {
        SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NetworkUnreachable
            or SocketError.HostUnreachable or SocketError.NoData or SocketError.TryAgain,
    } || (failure.InnerException is { } inner && IsNoListener(inner));

    /// <summary>Determines whether it is a failure of a call to AWS.</summary>
    public static bool IsAwsFailure(Exception failure) => failure is
        UnknownOutcomeException or UnreadableResponseException or TimeoutException or AmazonServiceException or AmazonClientException
        or HttpRequestException or IOException or SocketException or ProcessAWSCredentialException;

    private static AwsFailureKind KindOf(AmazonServiceException failure)
    {
        var code = failure.ErrorCode ?? "";
        if (Is(Throttles) || failure.StatusCode == HttpStatusCode.TooManyRequests || IsFamilyBusy(failure)) return AwsFailureKind.Throttled;
        if (Is(WrongTimes) || (Is(StaleCredentials) && IsAboutTime(failure.Message))) return AwsFailureKind.Clock;
        if (Is(Denials)) return AwsFailureKind.Denied;
        if (Is(StaleCredentials)) return AwsFailureKind.Credentials;
        if (Is(Failures) || (int)failure.StatusCode >= 500) return AwsFailureKind.ServerError;
        if (failure is AmazonUnmarshallingException) return AwsFailureKind.Unreadable;
        if (code.Length > 0 && failure.StatusCode != 0) return AwsFailureKind.Refused;
        // A failure without a code comes from something in front of AWS, or there was no response at all.
        return failure.StatusCode == 0 || failure.InnerException is HttpRequestException or IOException or SocketException
            ? AwsFailureKind.Unreachable
            : AwsFailureKind.Unreadable;

        bool Is(string[] codes) => codes.Contains(code, StringComparer.Ordinal);
    }

    /// <summary>Determines whether another caller is registering a task definition of the same family, for which ECS has no code.</summary>
    private static bool IsFamilyBusy(AmazonServiceException failure) => failure.ErrorCode == "ClientException"
        && failure.Message.Contains("Too many concurrent attempts", StringComparison.Ordinal);

    private static bool IsAboutTime(string message) =>
        message.Contains("Signature expired", StringComparison.Ordinal) || message.Contains("not yet current", StringComparison.Ordinal);
}
