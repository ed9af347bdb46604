using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Releases.Testing;

/// <summary>A receiver of hooks on loopback, over HTTP, which responds as the test says and keeps everything that it got.</summary>
public sealed class HookReceiver : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _hung = new();
    private WebApplication? _server;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _port = FreePort.Take();

    /// <summary>What it got, in the order in which it came.</summary>
    public SharedList<ReceivedHook> Received { get; } = [];

    /// <summary>How it responds: the status, and null for no response.</summary>
    public Func<ReceivedHook, int?> Response { get; set; } = _ => 204;

    /// <summary>The body of its responses.</summary>
    public Func<ReceivedHook, string> Body { get; set; } = _ => "";

    /// <summary>More headers of its responses.</summary>
    public ConcurrentDictionary<string, string> Headers { get; } = new();

    /// <summary>Where it is, also while it is down.</summary>
    public string Address => $"http://127.0.0.1:{_port}/hooks";

    /// <summary>Its authority.</summary>
    public string Authority => $"127.0.0.1:{_port}";

    /// <summary>Those that it took.</summary>
    public IReadOnlyList<ReceivedHook> Accepted => [.. Received.Where(r => r.Status is >= 200 and < 300)];

    public async Task Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{_port}");
        _server = builder.Build();
        _server.Run(Respond);
        await _server.StartAsync();
    }

    /// <summary>Nothing listens there until it is started again.</summary>
    public async Task Stop()
    {
        if (_server is { } server) await server.DisposeAsync();
        _server = null;
    }

    /// <summary>Waits until what it got is as expected.</summary>
    public async Task Until(Func<IReadOnlyList<ReceivedHook>, bool> expected)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (expected([.. Received])) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience.Limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hung.CancelAsync();
        await Stop();
        _hung.Dispose();
    }

    private async Task Respond(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var got = new ReceivedHook(
            context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body.ToArray()));
        int? status;
        lock (_gate)
        {
            got.Status = status = Response(got);
            Received.Add(got);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (status is not { } given)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_hung.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        context.Response.StatusCode = given;
        foreach (var (name, value) in Headers) context.Response.Headers[name] = value;
        if (given != StatusCodes.Status204NoContent) await context.Response.WriteAsync(Body(got));
    }
}

/// <summary>A request that a receiver got.</summary>
public sealed record ReceivedHook(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The status of the response; null: there was none.</summary>
    public int? Status { get; set; }

    /// <summary>The message's id.</summary>
    public string Id => Headers["webhook-id"];

    /// <summary>The body.</summary>
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>What happened: <c>promotionEnded</c>.</summary>
    public string Kind => Json["data"]!["kind"]!.GetValue<string>();

    /// <summary>
    /// Checks the signature as the specification of Standard Webhooks has it: HMAC-SHA256 over <c>id.timestamp.body</c>, one of the
    /// signatures of version 1 being right, and the time within five minutes.
    /// </summary>
    public bool IsSignedWith(string secret, DateTimeOffset now)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var timestamp = Headers["webhook-timestamp"];
        if (Math.Abs(now.ToUnixTimeSeconds() - long.Parse(timestamp, System.Globalization.CultureInfo.InvariantCulture)) > 300)
            return false;
        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{timestamp}.{Body}"));
        return Headers["webhook-signature"].Split(' ').Any(s => s.StartsWith("v1,", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(s[3..]), expected));
    }
}
