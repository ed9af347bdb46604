using System.Net;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Accepts only requests for the console's own names. With DNS rebinding, another site can point its name at the console's address and have
/// the browser treat the console as that site, but the browser still sends that name.
/// </summary>
/// <param name="listensAt">The address on which the console listens.</param>
/// <param name="names">The machine's own names.</param>
/// <param name="given">The configured names, accepted with any port, because a proxy in front of the console has a port of its own.</param>
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
        // Another site can't take over an IP address; a console that listens on all addresses may have any of them.
        return IPAddress.IsLoopback(address) || address.Equals(listensAt) || OwnNames.IsAll(listensAt);
    }
}
