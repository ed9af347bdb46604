using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Releases;

/// <summary>
/// Sends the HTTP requests of hooks: limited in time and size, without redirects and proxies, and only over connections to addresses that
/// were checked after the name was resolved.
/// </summary>
public sealed class HookHttp(TimeProvider time) : IDisposable
{
    private const int MaxAnswer = 1 << 20;

    private readonly HttpClient _public = Client(allowsPrivate: false);
    private readonly HttpClient _private = Client(allowsPrivate: true);

    /// <summary>The time limit of one request.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Sends a request, and returns the response or the reason why there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="allowsPrivate">Whether it may go to a private network.</param>
    /// <param name="readsBody">Whether to read the response's body; a body that isn't read may be of any size.</param>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<HookAnswer> Send(HttpRequestMessage request, bool allowsPrivate, bool readsBody, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("dotnet-convox", ToolVersion.Text.Split('+')[0]));
        try
        {
            var until = readsBody ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead;
            using var answer = await (allowsPrivate ? _private : _public).SendAsync(request, until, both.Token);
            return new((int)answer.StatusCode, readsBody ? await answer.Content.ReadAsByteArrayAsync(both.Token) : [],
                null, RetryAfter(answer));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new(null, [], $"no answer within {Duration.Text(Limit)}", null);
        }
        catch (HttpRequestException failed)
        {
            return new(null, [], Reason(failed), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _public.Dispose();
        _private.Dispose();
    }

    /// <summary>Each request has its own connection, so that the name is resolved and checked every time.</summary>
    private static HttpClient Client(bool allowsPrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = (context, cancel) => Connect(context.DnsEndPoint, allowsPrivate, cancel),
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswer,
    };

    private static async ValueTask<Stream> Connect(DnsEndPoint to, bool allowsPrivate, CancellationToken cancel)
    {
        var found = await Resolve(to.Host, cancel);
        var allowed = found.Where(a => NetworkAddresses.IsAllowed(a, allowsPrivate)).ToArray();
        if (allowed.Length == 0) throw new HttpRequestException(Refusal(to.Host, found));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> Resolve(string host, CancellationToken cancel)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancel);
        }
        catch (SocketException unresolved)
        {
            throw new HttpRequestException($"the name {host} can't be resolved: {unresolved.Message}");
        }
    }

    private static string Refusal(string host, IPAddress[] found) => found.Any(a => !NetworkAddresses.IsNeverAllowed(a))
        ? $"{host} is on a private network, which the hook isn't allowed to reach"
        : $"{host} is an address that hooks are never delivered to, such as a machine's metadata";

    private static string Reason(HttpRequestException failed) => (failed.InnerException ?? failed).Message.Split('\n')[0].TrimEnd('.', ' ');

    private TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}

/// <summary>Represents a receiver's response.</summary>
/// <param name="Status">The status code, or null if there was no response.</param>
/// <param name="Body">The body.</param>
/// <param name="Failure">Why there is no response, or null if there is one.</param>
/// <param name="RetryAfter">When the receiver asks for another attempt, or null if it doesn't say.</param>
public sealed record HookAnswer(int? Status, byte[] Body, string? Failure, TimeSpan? RetryAfter)
{
    /// <summary>Whether the receiver accepted the message.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Converts the response to the result of an attempt.</summary>
    public HookReply ToReply() => IsSuccess ? new(HookOutcome.Delivered, Status) : HookReply.Failed(
        Failure ?? (Status is >= 300 and < 400 ? $"it answered {Status}, and redirects aren't followed" : $"it answered {Status}"),
        Status, RetryAfter);
}
