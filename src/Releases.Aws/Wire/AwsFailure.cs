using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Why a call of AWS has failed, as far as it makes a difference to whoever called.</summary>
internal enum AwsFailureKind
{
    /// <summary>Too many calls for now; it did nothing.</summary>
    Throttled,

    /// <summary>AWS itself failed; what it did is unknown.</summary>
    ServerError,

    /// <summary>What came tells nothing; what it did is unknown.</summary>
    Unreadable,

    /// <summary>No connection, or one that was closed; what it did is unknown.</summary>
    Unreachable,

    /// <summary>Nothing came in time; what it did is unknown.</summary>
    TimedOut,

    /// <summary>The caller may not.</summary>
    Denied,

    /// <summary>The credentials are not accepted, or no longer.</summary>
    Credentials,

    /// <summary>This machine's clock is too far from AWS's.</summary>
    Clock,

    /// <summary>There are no credentials, or whatever gives them failed.</summary>
    NoCredentials,

    /// <summary>A refusal in words; it did nothing.</summary>
    Refused,
}

/// <summary>Tells the kinds of failures apart.</summary>
internal static class AwsFailure
{
    private static readonly string[] Throttles =
    [
        "ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "TooManyRequests", "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException", "SlowDown", "BandwidthLimitExceeded", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException", "TransactionInProgressException", "EC2ThrottledException",
    ];

    /// <summary>What the services call failing of their own, some of them with a status of 400.</summary>
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

    /// <summary>Whether the same call may be answered in a moment.</summary>
    public static bool IsTransient(Exception failure) =>
        KindOf(failure) is AwsFailureKind.Throttled or AwsFailureKind.ServerError or AwsFailureKind.Unreadable or AwsFailureKind.Unreachable
            or AwsFailureKind.TimedOut;

    /// <summary>
    /// Whether AWS refused in words and will refuse the same call again. What is wrong with the credentials is not wrong with the call.
    /// </summary>
    public static bool IsPermanent(Exception failure) => KindOf(failure) is AwsFailureKind.Refused or AwsFailureKind.Denied;

    /// <summary>Whether a call that changes something may still have done so.</summary>
    public static bool MayHaveTakenEffect(Exception failure) =>
        KindOf(failure) is AwsFailureKind.ServerError or AwsFailureKind.Unreadable or AwsFailureKind.Unreachable or AwsFailureKind.TimedOut;

    /// <summary>Whether nobody listens at the address, or there is none.</summary>
    public static bool IsNoListener(Exception failure) => failure is SocketException
    {
        SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NetworkUnreachable
            or SocketError.HostUnreachable or SocketError.NoData or SocketError.TryAgain,
    } || (failure.InnerException is { } inner && IsNoListener(inner));

    /// <summary>Whether it is one that a call of AWS fails with, and no other.</summary>
    public static bool IsAwsFailure(Exception failure) => failure is
        UnknownOutcomeException or UnreadableResponseException or TimeoutException or AmazonServiceException or AmazonClientException
        or HttpRequestException or IOException or SocketException or ProcessAWSCredentialException;

    private static AwsFailureKind KindOf(AmazonServiceException failure)
    {
        var code = failure.ErrorCode ?? "";
        if (Is(Throttles) || failure.StatusCode == HttpStatusCode.TooManyRequests) return AwsFailureKind.Throttled;
        if (Is(WrongTimes) || (Is(StaleCredentials) && IsAboutTime(failure.Message))) return AwsFailureKind.Clock;
        if (Is(Denials)) return AwsFailureKind.Denied;
        if (Is(StaleCredentials)) return AwsFailureKind.Credentials;
        if (Is(Failures) || (int)failure.StatusCode >= 500) return AwsFailureKind.ServerError;
        if (failure is AmazonUnmarshallingException) return AwsFailureKind.Unreadable;
        if (code.Length > 0 && failure.StatusCode != 0) return AwsFailureKind.Refused;
        // Without a code it comes from something before AWS, or there was no answer at all.
        return failure.StatusCode == 0 || failure.InnerException is HttpRequestException or IOException or SocketException
            ? AwsFailureKind.Unreachable
            : AwsFailureKind.Unreadable;

        bool Is(string[] codes) => codes.Contains(code, StringComparer.Ordinal);
    }

    private static bool IsAboutTime(string message) =>
        message.Contains("Signature expired", StringComparison.Ordinal) || message.Contains("not yet current", StringComparison.Ordinal);
}
