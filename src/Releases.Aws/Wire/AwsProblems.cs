using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Converts every failure of AWS to a problem in the same form: the service, the action, the resource, AWS's message, and the number of
/// attempts.
/// </summary>
internal static class AwsProblems
{
    private const string AskAgain = "Run the command again in a moment.";

    /// <summary>Returns the problem, or null if it isn't a failure of AWS, and so a bug.</summary>
    /// <param name="failure">The failure of a call.</param>
    /// <param name="what">What was to be used, in case the failure doesn't name its call.</param>
    public static Problem? From(Exception failure, string what)
    {
        if (!AwsFailure.IsAwsFailure(failure)) return null;
        var failed = FailedCall.From(failure);
        var (service, action) = failed is null ? (what, "what it was asked for") : (failed.Call.Service, failed.Call.ToString());
        var tried = failed is { Attempts: > 1 }
            ? $" (tried {failed.Attempts} times in {Duration.Text(TimeSpan.FromSeconds(Math.Ceiling(failed.For.TotalSeconds)))})"
            : "";
        if (failure is UnknownOutcomeException)
            return Problem.Unavailable(
                ProblemCode.Unavailable,
                $"{service} didn't answer {action}, so it is unknown whether it was done: {Reason(failure.InnerException!)}.", AskAgain);
        var problem = AwsFailure.KindOf(failure) switch
        {
            AwsFailureKind.Throttled => Problem.Unavailable(
                ProblemCode.Unavailable, $"{service} throttles {action}: {Reason(failure)}{tried}.", AskAgain),
            AwsFailureKind.ServerError => Problem.Unavailable(
                ProblemCode.Unavailable, $"{service} failed at {action}: {Reason(failure)}{tried}.", AskAgain),
            AwsFailureKind.Unreadable => Problem.Unavailable(
                ProblemCode.Unavailable, $"{service} answered {action} with something unreadable: {Reason(failure)}{tried}.",
                "Check for a proxy in between, and run the command again in a moment."),
            AwsFailureKind.TimedOut => Problem.Unavailable(
                ProblemCode.Unreachable, $"{service} doesn't answer {action}: {Reason(failure)}{tried}.", Network(service)),
            AwsFailureKind.Unreachable => Problem.Unavailable(
                ProblemCode.Unreachable, $"{service} can't be reached for {action}: {Reason(failure)}{tried}.", Network(service)),
            AwsFailureKind.Denied => new(AwsProblemCode.Access, $"{service} denied {action}: {Reason(failure)}.", Allow(failed?.Call)),
            AwsFailureKind.Credentials => new(
                AwsProblemCode.Access, $"{service} rejects the credentials for {action}: {Reason(failure)}.",
                "Sign in again, for example: aws sso login"),
            AwsFailureKind.Clock => new(
                AwsProblemCode.Access, $"{service} refused {action} because this machine's clock is wrong: {Reason(failure)}.",
                "Set the clock, and run the command again."),
            AwsFailureKind.NoCredentials => CredentialProblems.From(failure),
            _ => new(
                AwsProblemCode.Refused, $"{service} refused {action}: {Reason(failure)}.",
                $"Fix what {service} reports, and run the command again."),
        };
        return problem with { IsOfCaller = AwsFailure.IsOfCaller(failure) };
    }

    /// <summary>Makes a call. Fails with a problem if it is refused or its outcome is unknown.</summary>
    public static async Task<T> Translate<T>(string what, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (From(failure, what) is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    /// <summary>Returns AWS's message, or what prevented one, without a period.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        UnknownOutcomeException unanswered => Reason(unanswered.InnerException!),
        AmazonServiceException { InnerException: HttpRequestException or IOException, StatusCode: 0 } =>
            OneSentence(Innermost(failure).Message),
        AmazonUnmarshallingException broken => $"{(int)broken.StatusCode} {broken.StatusCode}, without JSON that fits",
        AmazonServiceException { ErrorCode: null or "" } service => $"{(int)service.StatusCode} {service.StatusCode}",
        AmazonServiceException service => OneSentence(service.Message) is { Length: > 0 } message && !message.StartsWith(
            "Exception of type", StringComparison.Ordinal) ? $"{service.ErrorCode}, {message}" : service.ErrorCode,
        UnreadableResponseException or TimeoutException => OneSentence(failure.Message),
        _ => OneSentence(Innermost(failure).Message),
    };

    /// <summary>Returns the first line, because the SDK and the services append lists and ids.</summary>
    public static string OneSentence(string text) => text.Split('\n')[0].Trim().TrimEnd('.');

    private static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;

    /// <summary>Returns the problem of an endpoint in the environment or the profile that no request can be sent to.</summary>
    /// <param name="service">The id of the service.</param>
    /// <param name="wrong">The SDK's failure, whose message ends with the endpoint.</param>
    public static Problem NoEndpoint(string service, AmazonClientException wrong) => new(
        ProblemCode.RackAddress,
        $"the endpoint of {service} isn't a web address: '{wrong.Message[(wrong.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]}'.",
        $"Correct AWS_ENDPOINT_URL, AWS_ENDPOINT_URL{Suffix(service)} or endpoint_url of the profile.", ProblemKind.Usage);

    private static string Suffix(string service) => $"_{service.ToUpperInvariant().Replace(' ', '_')}";

    private static string Network(string service)
    {
        var ofService = service is "AWS" or ['t', 'h', 'e', ..] ? "" : Suffix(service);
        return $"Check the network, the region in the rack's address and AWS_ENDPOINT_URL{ofService}, and run the command again.";
    }

    private static string Allow(AwsCall? call) => call switch
    {
        null => "Allow the caller the action that the message names.",
        { Action: "TransactWriteItems" } =>
            "Allow the caller dynamodb:PutItem, UpdateItem, DeleteItem and ConditionCheckItem on the table.",
        _ => $"Allow the caller {call.Permission}:{call.Action}{(call.Resource is null ? "" : $" on {call.Resource}")}.",
    };
}
