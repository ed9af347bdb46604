using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Releases.Local;

/// <summary>Serves <see cref="OpenMetricsText"/> at <c>/metrics</c> on 127.0.0.1, if the settings specify a port.</summary>
internal sealed class OpenMetricsServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OpenMetricsServer(WebApplication server) => _server = server;

    /// <summary>Starts the server.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.PortInUse"/>.</exception>
    public static async Task<OpenMetricsServer> Start(int port, Func<string> text)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, o => o.Protocols = HttpProtocols.Http1));
        var server = builder.Build();
        server.Run(context => Answer(context, text));
        try
        {
            await server.StartAsync();
            return new(server);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await server.DisposeAsync();
            var why = refused.InnerException is AddressInUseException ? "another program has it" : refused.Message.TrimEnd('.');
            throw new Problem(
                ProblemCode.PortInUse, $"metrics can't be served on port {port}: {why}.",
                Remedy.Do(Operation.ServeMetrics, "Choose another port", OperationOption.Port, "…")).ToException(refused);
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
            { Path.Value: not OpenMetrics.Path } => StatusCodes.Status404NotFound,
            { Method: not ("GET" or "HEAD") } => StatusCodes.Status405MethodNotAllowed,
            _ => StatusCodes.Status200OK,
        };
        if (context.Response.StatusCode != StatusCodes.Status200OK) return Task.CompletedTask;
        context.Response.ContentType = OpenMetricsText.ContentType;
        return context.Response.WriteAsync(text(), context.RequestAborted);
    }
}
