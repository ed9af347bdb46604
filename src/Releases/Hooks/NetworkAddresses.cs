using System.Net;
using System.Net.Sockets;

namespace Releases;

/// <summary>
/// Determines the addresses that a hook may be delivered to. Otherwise, anyone who can add a hook could make the rack query services that
/// only it can reach, such as its machine's metadata service.
/// </summary>
internal static class NetworkAddresses
{
    /// <summary>Never allowed: this host, link-local (which has the clouds' metadata services), multicast, broadcast.</summary>
    private static readonly IPNetwork[] NeverAllowed = Networks(
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::/32");

    /// <summary>
    /// Allowed only with the hook's consent: loopback, private and shared networks, and those reserved for tests and documentation.
    /// </summary>
    private static readonly IPNetwork[] PrivateNetworks = Networks(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7");

    /// <summary>Determines whether a connection to the address is allowed.</summary>
    public static bool IsAllowed(IPAddress address, bool allowsPrivate)
    {
        var meant = Meant(address);
        return !NeverAllowed.Any(n => n.Contains(meant)) && (allowsPrivate || !PrivateNetworks.Any(n => n.Contains(meant)));
    }

    /// <summary>Determines whether no option makes the address allowed.</summary>
    public static bool IsNeverAllowed(IPAddress address) => !IsAllowed(address, allowsPrivate: true);

    /// <summary>Returns the IPv4 address that an IPv6 address leads to: mapped, translated (NAT64), or tunneled (6to4).</summary>
    private static IPAddress Meant(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.AsSpan(0, 12).SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
            return new(bytes.AsSpan(12));
        return bytes is [0x20, 0x02, ..] ? new(bytes.AsSpan(2, 4)) : address;
    }

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(t => IPNetwork.Parse(t))];
}
