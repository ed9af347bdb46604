using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>
/// Checks the health of a process as a load balancer would: one GET on a connection of its own, without following redirects.
/// </summary>
internal sealed class HealthProbe(TimeProvider time) : IDisposable
{
    private const string DefaultHost = "localhost";

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        // A process that no longer accepts connections must not pass on an earlier one.
        PooledConnectionLifetime = TimeSpan.Zero,
    });

    /// <summary>Checks once what listens on this port of 127.0.0.1. A network failure is a result, not an exception.</summary>
    public Task<HealthResult> Check(int port, HealthCheck check, CancellationToken cancel) =>
        Check(new IPEndPoint(IPAddress.Loopback, port), check, cancel);

    public async Task<HealthResult> Check(IPEndPoint at, HealthCheck check, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(check.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return Judge(await Status(at, check, either.Token), check);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return HealthResult.Bad(string.Create(CultureInfo.InvariantCulture,
                $"didn't answer within {check.Timeout.TotalSeconds:0.###}s"));
        }
        catch (HttpRequestException failure)
        {
            return Explain(failure);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// Returns the response status over HTTP/1.1, or over HTTP/2 if the process rejects that because it only speaks HTTP/2, as for gRPC.
    /// </summary>
    private async Task<int> Status(IPEndPoint at, HealthCheck check, CancellationToken cancel)
    {
        try
        {
            var status = await Status(at, check, HttpVersion.Version11, cancel);
            if (status != 400 || await Http2Detection.Probe(at, time, cancel) != true) return status;
        }
        catch (HttpRequestException odd) when (odd.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded)
        {
            if (await Http2Detection.Probe(at, time, cancel) != true) throw;
        }

        return await Status(at, check, HttpVersion.Version20, cancel);
    }

    private async Task<int> Status(IPEndPoint at, HealthCheck check, Version version, CancellationToken cancel)
    {
        using var request = Request(at, check, version);
        // Only the response's head counts: the body may be long, or never end.
        using var response = await _client.SendAsync(request, cancel);
        return (int)response.StatusCode;
    }

    private static HttpRequestMessage Request(IPEndPoint at, HealthCheck check, Version version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://{at}{check.Path ?? "/"}")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = check.Host ?? DefaultHost;
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("User-Agent", "convox-health-check");
        return request;
    }

    private static HealthResult Judge(int status, HealthCheck check)
    {
        var healthy = check.Path is null ? status < 500 : status is >= 200 and <= 399;
        return healthy ? HealthResult.Good
            : HealthResult.Bad($"answered {status} to GET {check.Path ?? "/"}{(status == 400 ? Host(check) : "")}");
    }

    /// <summary>
    /// Returns a hint about the Host header, because an app that restricts hosts (<c>AllowedHosts</c>) rejects all others with this status
    /// and no message.
    /// </summary>
    private static string Host(HealthCheck check) =>
        $" (the check sends the Host '{check.Host ?? DefaultHost}'; allow it in AllowedHosts, "
        + "or set health.host in convox.yml to one that is allowed)";

    private static HealthResult Explain(HttpRequestException failure) => failure switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            HealthResult.NotThere("refused the connection"),
        { InnerException: SocketException limit } when OpenFileLimit.IsReached(limit) => HealthResult.Unknown,
        { HttpRequestError: HttpRequestError.InvalidResponse } => HealthResult.Unspoken("didn't answer in HTTP"),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => HealthResult.Bad("answered with headers that are too long"),
        { HttpRequestError: HttpRequestError.ConnectionError } => HealthResult.Bad("took no connection"),
        _ => HealthResult.Unspoken("broke off its answer"),
    };
}
