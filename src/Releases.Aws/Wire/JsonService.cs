using System.Text.Json.Nodes;
using Amazon;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// One service as the rack calls it: reads are asked again where they are refused for now, changes are sent once. A change that is
/// refused fails with the SDK's <see cref="AmazonServiceException"/>; one of which nobody can tell, with <see
/// cref="UnknownOutcomeException"/>.
/// </summary>
internal sealed class JsonService(AwsService service, JsonServiceClient client, AwsCalls calls) : IDisposable
{
    /// <summary>With credentials and address from the usual AWS chain, unless given.</summary>
    public static JsonService Open(
        AwsService service, string region, TimeProvider time, AWSCredentials? credentials = null, Uri? address = null,
        Func<TimeSpan, CancellationToken, Task>? pause = null, CallLimits? limits = null)
    {
        var config = new JsonServiceConfig(service)
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region),
            // With a custom address the SDK would guess the region from it.
            AuthenticationRegion = region,
            // The SDK counts a connection that was closed apart from its other reasons to send again.
            MaxStaleConnectionRetries = 0,
        };
        if (address is not null) config.ServiceURL = address.ToString();
        return new(service, new(credentials, config), new(time, limits, pause));
    }

    /// <summary>Asks, and asks again where the answer was lost or tells nothing, or the service was busy.</summary>
    public Task<JsonResponse> Read(string operation, JsonObject input, CancellationToken cancel) => Repeat(operation, input, cancel);

    /// <summary>The same for a change that is harmless when repeated.</summary>
    public Task<JsonResponse> Repeat(string operation, JsonObject input, CancellationToken cancel) => calls.Retry(
        Call(operation, input), token => Ask(operation, input, token), cancel);

    /// <summary>The same for an answer that something is missing: it is believed the second time.</summary>
    public async Task<JsonResponse> ReadAfterPause(string operation, JsonObject input, CancellationToken cancel)
    {
        await calls.Pause(TimeSpan.FromSeconds(1), cancel);
        return await Read(operation, input, cancel);
    }

    /// <summary>Sends once.</summary>
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

    /// <summary>Sends again only where the answer says that nothing was done; for a change of which nobody looks whether it took
    /// effect.</summary>
    public Task<JsonResponse> ChangeUnlessDone(string operation, JsonObject input, CancellationToken cancel) => calls.RetryIfNotDone(
        Call(operation, input), token => Ask(operation, input, token), cancel);

    /// <summary>Whether a refusal is only for now.</summary>
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
