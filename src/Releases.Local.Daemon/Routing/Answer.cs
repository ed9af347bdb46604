using Microsoft.AspNetCore.Http;

namespace Releases.Local;

/// <summary>What the router itself answers: one line of plain text that says what to do.</summary>
internal static class Answer
{
    public static Task NoSuchAddress(HttpContext context, int routerPort) => context.Connection.LocalPort == routerPort
        ? Write(context, 404, $"No service has the address {context.Request.Host.Host}; see: dotnet convox apps")
        : Write(context, 404, $"No service has the port {context.Connection.LocalPort}; see: dotnet convox apps");

    public static Task NothingReady(HttpContext context, Route route) =>
        Write(context, 503, $"No process of {route.Name} of {route.App} is ready; see: dotnet convox ps -a {route.App}");

    public static Task NoAnswer(HttpContext context, Route route, RouteTarget target) =>
        Write(context, 502, $"The process {target.Id} of {route.App} did not answer; see: dotnet convox logs -a {route.App} --service {route.Name}");

    private static Task Write(HttpContext context, int status, string line)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(line + "\n", context.RequestAborted);
    }
}
