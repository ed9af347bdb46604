using System.Net;
using System.Net.Sockets;

namespace Releases;

/// <summary>
/// Which addresses a hook may be delivered to. Whoever may add a hook could otherwise have the rack ask services that only it can reach,
/// such as the metadata of its machine.
/// </summary>
internal static class NetworkAddresses
{
    /// <summary>Never: this host, link-local with the clouds' metadata, multicast, broadcast.</summary>
    private static readonly IPNetwork[] _never = Networks(
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::/32");

    /// <summary>Only with the hook's consent: loopback, private and shared networks, and those for tests and documents.</summary>
    private static readonly IPNetwork[] _private = Networks(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7");

    /// <summary>Whether it may be connected to.</summary>
    public static bool IsAllowed(IPAddress address, bool allowsPrivate)
    {
        var meant = Meant(address);
        return !_never.Any(n => n.Contains(meant)) && (allowsPrivate || !_private.Any(n => n.Contains(meant)));
    }

    /// <summary>Whether nothing makes it allowed.</summary>
    public static bool IsNeverAllowed(IPAddress address) => !IsAllowed(address, allowsPrivate: true);

    /// <summary>The IPv4 address that an IPv6 one leads to: mapped, translated (NAT64), or tunneled (6to4).</summary>
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
