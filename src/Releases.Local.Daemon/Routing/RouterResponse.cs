using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Local;

/// <summary>What the router itself answers: one line of plain text that says what to do.</summary>
internal sealed record RouterResponse(int Status, string Line)
{
    public static RouterResponse NoSuchAddress(string host, int localPort, int routerPort) => new(404,
        localPort != routerPort ? $"No service has the port {localPort}; see: dotnet convox apps"
        : host.Length == 0 ? "The request names no host, and services are told apart by it here; send a Host header or use the service's own port, see: dotnet convox services"
        : $"No service has the address {host}; see: dotnet convox apps");

    public static RouterResponse NothingReady(Route route) =>
        new(503, $"No process of {route.Name} of {route.App} is ready; see: dotnet convox ps -a {route.App}");

    public static RouterResponse NotConnected(Route route, RouteTarget target) => Bad(route, target, "did not answer");

    public static RouterResponse NoResponse(Route route, RouteTarget target) => Bad(route, target, "ended the connection without an answer");

    public static RouterResponse ProcessDied(Route route, RouteTarget target) => Bad(route, target, "ended while it had the request, which was not given to another one");

    public static RouterResponse InvalidResponse(Route route, RouteTarget target, string complaint) => Bad(route, target, complaint);

    public static RouterResponse BadRequest(int status, string complaint) => new(status, $"The request has {complaint}, which the router does not pass on");

    public Task Write(HttpContext context)
    {
        context.Response.Clear();
        context.Response.StatusCode = Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Line + "\n", context.RequestAborted);
    }

    public byte[] ToBytes(bool isHead, string connection)
    {
        var body = Encoding.UTF8.GetBytes(Line + "\n");
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {Status} {Reason(Status)}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n{connection}\r\n");
        return isHead ? head : [.. head, .. body];
    }

    private static RouterResponse Bad(Route route, RouteTarget target, string what) =>
        new(502, $"The process {target.Id} of {route.App} {what}; see: dotnet convox logs -a {route.App} --service {route.Name}");

    private static string Reason(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
