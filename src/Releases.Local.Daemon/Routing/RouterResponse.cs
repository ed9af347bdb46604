using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Local;

/// <summary>
/// Represents a response of the router itself: one line of plain text, of what happened and of what to do. Whoever sees it is likely to be
/// the developer at a browser of the same machine.
/// </summary>
internal sealed record RouterResponse(int Status, string Message, Remedy? Remedy = null)
{
    private string Line => Remedy is null ? Message : $"{Message}. {Remedy}";

    public static RouterResponse NoSuchAddress(string host, int localPort, int routerPort) =>
        localPort != routerPort ? new(404, $"No service has the port {localPort}", Remedy.Do(Operation.ListApps, "List apps"))
        : host.Length == 0 ? new(404, "The request has no Host header, which names the service",
            Remedy.Do(Operation.ListServices, "Send one, or use the service's own port"))
        : new(404, $"No service has the address {host}", Remedy.Do(Operation.ListApps, "List apps"));

    /// <summary>Returns the response if no process is left, of which the last may have taken no connection.</summary>
    public static RouterResponse NoneLeft(Route route, RouteTarget? last) => last is null || !route.Service.Weighted.All.Contains(last)
        ? new(503, $"No process of {route.Name} of {route.App} is ready",
            Remedy.Do(Operation.ListProcesses, "List processes", OperationOption.App, $"{route.App}"))
        : Bad(route, last, "didn't answer");

    /// <summary>Returns the response if the router itself can't open a connection, which no process is to blame for.</summary>
    public static RouterResponse TooManyOpenFiles() => new(503, "The router can't connect to a process: its limit of open files is reached",
        "Raise the limit (ulimit -n; for a systemd unit, LimitNOFILE), then restart the rack.");

    public static RouterResponse NoResponse(Route route, RouteTarget target) =>
        Bad(route, target, "closed the connection without an answer");

    public static RouterResponse ProcessDied(Route route, RouteTarget target) =>
        Bad(route, target, "ended while it had the request, which isn't sent to another process");

    public static RouterResponse InvalidResponse(Route route, RouteTarget target, string error) => Bad(route, target, error);

    public static RouterResponse BadRequest(int status, string error) =>
        new(status, $"The request has {error}, which the router doesn't forward");

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
            $"HTTP/1.1 {Status} {Reason(Status)}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + $"{body.Length}\r\n{connection}\r\n");
        return isHead ? head : [.. head, .. body];
    }

    private static RouterResponse Bad(Route route, RouteTarget target, string what) =>
        new(502, $"The process {target.Id} of {route.App} {what}",
            Remedy.Do(Operation.ShowLogs, "Show its log", OperationOption.App, $"{route.App}", OperationOption.Service, $"{route.Name}"));

    private static string Reason(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
