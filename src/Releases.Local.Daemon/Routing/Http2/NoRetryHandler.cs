using System.Collections.Frozen;

namespace Releases.Local;

/// <summary>
/// Keeps the connection pool from resending requests on its own when a kept connection breaks, which would also repeat a POST. Content,
/// even if empty, prevents that. Content is forwarded as it arrives.
/// </summary>
internal sealed class NoRetryHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly FrozenSet<string> Safe = FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "OPTIONS", "TRACE");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = Http2Exchange.Of(request);
        if (request.Content is { } body)
        {
            request.Content = new FlushedContent(body, exchange.BeginWait);
        }
        else
        {
            exchange.BeginWait();
            if (!Safe.Contains(request.Method.Method)) request.Content = new ByteArrayContent([]);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
