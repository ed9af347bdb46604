using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Releases.Local;

/// <summary>Serves <see cref="OpenMetricsText"/> at <c>/metrics</c> on 127.0.0.1, if the settings specify a port.</summary>
internal sealed class OpenMetricsServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OpenMetricsServer(WebApplication server) => _server = server;

    /// <summary>Starts the server, or returns null if it can't have the port, which doesn't keep services from running.</summary>
    public static async Task<OpenMetricsServer?> Start(int port, Func<string> text, DaemonLog log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, o => o.Protocols = HttpProtocols.Http1));
        var server = builder.Build();
        server.Run(context => Answer(context, text));
        try
        {
            await server.StartAsync();
            log.Write($"metrics are at http://127.0.0.1:{port}/metrics");
            return new(server);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            log.Write($"metrics can't be served at port {port}: {refused.Message}");
            await server.DisposeAsync();
            return null;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>
    /// Answers a request. With DNS rebinding, a page of another site might send one under its own name; that is rejected.
    /// </summary>
    private static Task Answer(HttpContext context, Func<string> text)
    {
        context.Response.StatusCode = context.Request switch
        {
            { Host.Host: not ("127.0.0.1" or "localhost") } => StatusCodes.Status403Forbidden,
            { Path.Value: not "/metrics" } => StatusCodes.Status404NotFound,
            { Method: not ("GET" or "HEAD") } => StatusCodes.Status405MethodNotAllowed,
            _ => StatusCodes.Status200OK,
        };
        if (context.Response.StatusCode != StatusCodes.Status200OK) return Task.CompletedTask;
        context.Response.ContentType = OpenMetricsText.ContentType;
        return context.Response.WriteAsync(text(), context.RequestAborted);
    }
}
