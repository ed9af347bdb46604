using System.Net;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Answers only to the names that it has. A page of somebody else may give its own name our address (DNS rebinding), and
/// the browser then takes us for that page; but it sends that name.
/// </summary>
/// <param name="listensAt">Where the console listens.</param>
/// <param name="names">The machine's own names.</param>
/// <param name="given">The names that somebody said it has; with any port, as a proxy in front of it has one of its own.</param>
internal sealed class HostCheck(IPAddress listensAt, IReadOnlySet<string> names, IReadOnlyList<string> given)
{
    private const int HttpPort = 80, HttpsPort = 443;

    public Task Require(HttpContext http, RequestDelegate next) =>
        given.Contains(http.Request.Host.Host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase)
        || IsOurs(http.Request.Host.Host, http.Connection.LocalPort == PortOf(http.Request))
        ? next(http)
        : throw new RejectedRequestException(
            StatusCodes.Status421MisdirectedRequest,
            $"the console does not answer to the name '{SafeText.Line(http.Request.Host.Value ?? "")}'.",
            "Use the address that it printed when it was started, or start it with --host <name>.");

    private static int PortOf(HttpRequest request) => request.Host.Port ?? (request.IsHttps ? HttpsPort : HttpPort);

    private bool IsOurs(string host, bool isOurPort)
    {
        if (!isOurPort) return false;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (!IPAddress.IsLoopback(listensAt) && names.Contains(host.TrimEnd('.')));
        // An address cannot be given to somebody else's page; where all of the machine's are listened at, any may be ours.
        return IPAddress.IsLoopback(address) || address.Equals(listensAt) || OwnNames.IsAll(listensAt);
    }
}
