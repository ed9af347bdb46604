using System.Text.Json.Nodes;
using Amazon;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// Calls one AWS service: reads are retried if they are refused temporarily, changes are sent once. A change that is refused fails with the
/// SDK's <see cref="AmazonServiceException"/>, and one whose outcome is unknown with <see cref="UnknownOutcomeException"/>.
/// </summary>
internal sealed class JsonService(AwsService service, JsonServiceClient client, AwsCalls calls) : IDisposable
{
    /// <summary>Opens a service, by default with the credentials and the endpoint of the usual AWS chain.</summary>
    public static JsonService Open(
        AwsService service, string region, TimeProvider time, AWSCredentials? credentials = null, Uri? address = null,
        Func<TimeSpan, CancellationToken, Task>? pause = null, CallLimits? limits = null)
    {
        var config = new JsonServiceConfig(service)
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region),
            // With a custom endpoint, the SDK would guess the region from it.
            AuthenticationRegion = region,
            // The SDK counts retries after closed connections separately.
            MaxStaleConnectionRetries = 0,
        };
        if (address is not null) config.ServiceURL = address.ToString();
        AwsConnection.RequireEndpoint(config, service.Id);
        return new(service, new(credentials, config), new(time, limits, pause));
    }

    /// <summary>Makes a call, and repeats it if the response is lost or unreadable, or the service was busy.</summary>
    public Task<JsonResponse> Read(string operation, JsonObject input, CancellationToken cancel) => Repeat(operation, input, cancel);

    /// <summary>Makes a change that is harmless when repeated, with the retries of a read.</summary>
    public Task<JsonResponse> Repeat(string operation, JsonObject input, CancellationToken cancel) => calls.Retry(
        Call(operation, input), token => Ask(operation, input, token), cancel);

    /// <summary>Repeats a read that reported something missing: the second response is believed.</summary>
    public async Task<JsonResponse> ReadAfterPause(string operation, JsonObject input, CancellationToken cancel)
    {
        await calls.Pause(TimeSpan.FromSeconds(1), cancel);
        return await Read(operation, input, cancel);
    }

    /// <summary>Sends a change once.</summary>
    public async Task<JsonResponse> Change(string operation, JsonObject input, CancellationToken cancel)
    {
        var call = Call(operation, input);
        try
        {
            return await calls.Once(call, token => Ask(operation, input, token), cancel);
        }
        catch (Exception lost) when (FailedCall.From(lost) is { } failed && AwsFailure.MayHaveTakenEffect(lost))
        {
            var unanswered = new UnknownOutcomeException(call, lost);
            failed.AttachTo(unanswered);
            throw unanswered;
        }
    }

    /// <summary>
    /// Sends a change, and repeats it only if the response says that nothing was done; for a change whose effect isn't verified.
    /// </summary>
    public Task<JsonResponse> ChangeUnlessDone(string operation, JsonObject input, CancellationToken cancel) => calls.RetryIfNotDone(
        Call(operation, input), token => Ask(operation, input, token), cancel);

    /// <summary>Determines whether a refusal is temporary.</summary>
    public static bool IsThrottled(AmazonServiceException refusal) => AwsFailure.KindOf(refusal) == AwsFailureKind.Throttled;

    public void Dispose() => client.Dispose();

    private AwsCall Call(string operation, JsonObject input) => new(service.Id, service.Signing, operation, AwsResource.Describe(input));

    private async Task<JsonResponse> Ask(string operation, JsonObject input, CancellationToken cancel)
    {
        var answer = await client.Call(operation, input, cancel);
        return ResponseShape.Missing(
            operation, input, answer.Output, service.IsQuery) is { } missing ? throw new UnreadableResponseException(missing) : answer;
    }
}
