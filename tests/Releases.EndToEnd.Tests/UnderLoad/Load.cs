using System.Collections.Concurrent;
using System.Net.WebSockets;

namespace Releases.EndToEnd.Tests.UnderLoad;

/// <summary>What a busy app has to bear: keep-alive clients in a loop, a WebSocket that comes back at once, and slow answers.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>Between two requests of a client: with fifty clients, every millisecond of a promotion has requests in it, and other tests
    /// get the processors too.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<Task> _running = [];
    private readonly Uri _address;
    private readonly string? _host;
    private int _answered;
    private int _echoed;

    /// <param name="address">Where to send requests.</param>
    /// <param name="host">The Host header; null: the address's.</param>
    public Load(Uri address, string? host = null) => (_address, _host) = (address, host);

    public IReadOnlyCollection<string> Failures => _failures;

    public int Answered => _answered;

    public int Echoed => _echoed;

    public void Start(int clients)
    {
        for (var i = 0; i < clients; i++) _running.Add(Task.Run(Loop));
        _running.Add(Task.Run(Talk));
    }

    /// <summary>One answer that takes this long.</summary>
    public async Task<string> Slow(TimeSpan length)
    {
        using var client = Client();
        return await Get(client, $"/slow?ms={(int)length.TotalMilliseconds}");
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task Loop()
    {
        using var client = Client();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Get(client, "/");
                Interlocked.Increment(ref _answered);
                await Task.Delay(Pace, CancellationToken.None);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException)
            {
                _failures.Enqueue(failure.Message);
            }
        }
    }

    /// <summary>A connection may be closed properly, never broken off, and a new one is taken at once.</summary>
    private async Task Talk()
    {
        var buffer = new byte[64];
        while (!_stop.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            if (_host is not null) socket.Options.SetRequestHeader("Host", _host);
            try
            {
                await socket.ConnectAsync(new Uri($"ws://{_address.Authority}/ws"), CancellationToken.None);
                while (!_stop.IsCancellationRequested && socket.State == WebSocketState.Open)
                {
                    await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                    var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
                    if (received.MessageType == WebSocketMessageType.Close) break;
                    Interlocked.Increment(ref _echoed);
                    await Task.Delay(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                }

                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }
            catch (WebSocketException failure) when (socket.State is not WebSocketState.CloseReceived)
            {
                _failures.Enqueue($"websocket: {failure.Message}");
            }
        }
    }

    private HttpClient Client() =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = _address, Timeout = TimeSpan.FromMinutes(1) };

    private async Task<string> Get(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (_host is not null) request.Headers.Host = _host;
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? body : throw new HttpRequestException($"{(int)answer.StatusCode}: {body}");
    }
}
