using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Releases.Tool;

/// <summary>Provides the names and addresses of this machine.</summary>
internal static class OwnNames
{
    /// <summary>Returns the names of the machine: its host name, on the local network (mDNS), and in its domain.</summary>
    public static IReadOnlySet<string> All(string host, string domain)
    {
        var name = host.TrimEnd('.');
        var first = name.Split('.')[0];
        var names = new HashSet<string>([name, first, $"{first}.local"], StringComparer.OrdinalIgnoreCase);
        if (domain.Trim('.') is { Length: > 0 } suffix && suffix != "(none)") names.Add($"{first}.{suffix}");
        return names;
    }

    public static IReadOnlySet<string> All() => All(Dns.GetHostName(), IPGlobalProperties.GetIPGlobalProperties().DomainName);

    /// <summary>
    /// Returns the addresses at which others can reach a console that listens on all addresses, or loopback if there are none.
    /// </summary>
    public static IReadOnlyList<IPAddress> Reachable(IPAddress listensAt)
    {
        var isV6 = listensAt.AddressFamily == AddressFamily.InterNetworkV6;
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => !a.IsIPv6LinkLocal && !IPAddress.IsLoopback(a))
            .OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1);
        return addresses.Where(a => isV6 || a.AddressFamily == AddressFamily.InterNetwork).ToList() is { Count: > 0 } some
            ? some
            : [isV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback];
    }

    public static bool IsAll(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
