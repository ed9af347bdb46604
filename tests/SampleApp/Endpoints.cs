using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;

namespace SampleApp;

/// <summary>What can be asked of it.</summary>
internal static class Endpoints
{
    public static void Map(WebApplication app, Behaviour behaviour)
    {
        var started = TimeProvider.System.GetTimestamp();
        var isHealthy = false;
        var worked = 0;
        app.MapGet("/", (HttpResponse response) =>
        {
            response.StatusCode = Health();
            return behaviour.Greeting;
        });
        app.MapGet("/health", () => Results.StatusCode(Health()));
        app.MapGet("/slow", async (int ms, CancellationToken gone) =>
        {
            await Task.Delay(ms, gone);
            return behaviour.Greeting;
        });
        app.MapGet("/work", async (HttpResponse response, CancellationToken gone) =>
        {
            if (behaviour.Delay > TimeSpan.Zero) await Task.Delay(behaviour.Delay, gone);
            if (Interlocked.Increment(ref worked) * behaviour.Errors % 100 < behaviour.Errors) response.StatusCode = 500;
            return behaviour.Greeting;
        });
        app.MapGet("/env/{name}", (
            string name) => Environment.GetEnvironmentVariable(name) is { } value ? Results.Text(value) : Results.NotFound());
        app.MapGet("/headers", (HttpRequest request) => string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}")));
        app.MapPost("/files/{**path}", async (string path, HttpRequest request, IHostEnvironment host) =>
        {
            var file = Path.Combine(host.ContentRootPath, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var written = File.Create(file);
            await request.Body.CopyToAsync(written);
        });
        app.MapGet("/crash", void () => Environment.Exit(4));
        app.Map("/die", void () => Process.GetCurrentProcess().Kill());
        app.MapPost("/upload", Upload);
        app.MapPost("/echo", EchoBody);
        app.MapMethods("{**rest}", ["OPTIONS"], (
            HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        app.Map("/ws", (HttpContext context) => Echo(context, app.Lifetime.ApplicationStopping));
        app.MapGet("/events", (HttpContext context) => Events(context, app.Lifetime.ApplicationStopping));

        int Health()
        {
            isHealthy = isHealthy || (TimeProvider.System.GetElapsedTime(started) >= behaviour.HealthyAfter
                && (behaviour.HealthyWhen is null or "" || File.Exists(behaviour.HealthyWhen)));
            return isHealthy ? behaviour.Health : 503;
        }
    }

    /// <summary>Each piece as it comes, and how a call of gRPC ends.</summary>
    private static async Task EchoBody(HttpContext context)
    {
        await context.Response.Body.FlushAsync();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            await context.Response.Body.FlushAsync();
        }

        if (context.Response.SupportsTrailers()) context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task<string> Upload(HttpRequest request)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        long total = 0;
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;) total += read;
        ArrayPool<byte>.Shared.Return(buffer);
        return $"{total}";
    }

    private static async Task Echo(HttpContext context, CancellationToken stopping)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[16 * 1024];
        var next = socket.ReceiveAsync(buffer, context.RequestAborted);
        // A receive that is cancelled aborts the socket, so stopping is waited for beside it.
        var stop = Task.Delay(Timeout.Infinite, stopping);
        while (await Task.WhenAny(next, stop) == next)
        {
            var received = await next;
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            next = socket.ReceiveAsync(buffer, context.RequestAborted);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping", context.RequestAborted);
        await next;
    }

    private static async Task Events(HttpContext context, CancellationToken stopping)
    {
        context.Response.ContentType = "text/event-stream";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            await context.Response.WriteAsync($"data: {i}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(50, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
