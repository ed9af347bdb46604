using System.Text.Json.Nodes;
using Amazon;
using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>
/// One service as the rack calls it: reads are sent again by the SDK, changes never. A change that is refused fails with the
/// SDK's <see cref="AmazonServiceException"/>; one of which nobody can tell, with <see cref="UnansweredException"/>.
/// </summary>
internal sealed class JsonService(JsonServiceClient reads, JsonServiceClient changes, TimeProvider time) : IDisposable
{
    /// <summary>How long an answer to a change is waited for.</summary>
    public static readonly TimeSpan LongestChange = TimeSpan.FromSeconds(10);

    private static readonly string[] Throttles =
        ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown"];

    /// <summary>With credentials and address from the usual AWS chain, unless given.</summary>
    public static JsonService Open(AwsService service, string region, TimeProvider time, AWSCredentials? credentials = null, Uri? address = null, int? retries = null)
    {
        // The SDK counts a connection that was closed apart from its other reasons to send again.
        return new(Client(retries is { } most ? new(service) { MaxErrorRetry = most } : new(service)), Client(new(service) { MaxErrorRetry = 0, MaxStaleConnectionRetries = 0, Timeout = LongestChange * 2 }), time);

        JsonServiceClient Client(JsonServiceConfig config)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            // With an address of one's own the SDK would guess the region from it.
            config.AuthenticationRegion = region;
            if (address is not null) config.ServiceURL = address.ToString();
            return credentials is null ? new(config) : new(credentials, config);
        }
    }

    /// <summary>Asks, and asks again where the answer was lost or the service was busy.</summary>
    public Task<JsonAnswer> Read(string operation, JsonObject input, CancellationToken cancel) => reads.Call(operation, input, cancel);

    /// <summary>Sends once.</summary>
    public async Task<JsonAnswer> Change(string operation, JsonObject input, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(LongestChange, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await changes.Call(operation, input, either.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new UnansweredException(operation, limit.IsCancellationRequested ? new TimeoutException($"no answer within {Duration.Text(LongestChange)}", late) : late);
        }
        catch (Exception lost) when (MayHaveTakenEffect(lost))
        {
            throw new UnansweredException(operation, lost);
        }
    }

    /// <summary>Whether a refusal is only for now.</summary>
    public static bool IsThrottled(AmazonServiceException refusal) => Throttles.Contains(refusal.ErrorCode, StringComparer.Ordinal);

    public void Dispose()
    {
        reads.Dispose();
        changes.Dispose();
    }

    /// <summary>Only an answer that is a refusal in words tells that it did not.</summary>
    private static bool MayHaveTakenEffect(Exception failure) => failure switch
    {
        AmazonServiceException refusal when IsThrottled(refusal) => false,
        AmazonServiceException { StatusCode: >= System.Net.HttpStatusCode.BadRequest and < System.Net.HttpStatusCode.InternalServerError } => false,
        AmazonServiceException or HttpRequestException or IOException => true,
        _ => false,
    };
}
