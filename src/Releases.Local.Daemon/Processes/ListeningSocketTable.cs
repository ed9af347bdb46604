using System.Globalization;
using System.Net;

namespace Releases.Local;

/// <summary>A TCP socket that listens.</summary>
/// <param name="Inode">The kernel's number of it: the same while it listens, whichever processes share it.</param>
/// <param name="Address">Where.</param>
/// <param name="User">The user who made it.</param>
internal readonly record struct ListeningSocket(string Inode, IPEndPoint Address, int User)
{
    /// <summary>
    /// Whether a connection to 127.0.0.1 can end in it. A socket for IPv6 alone looks the same as one for both, so one that
    /// cannot is counted too; the other way round would trust a stranger.
    /// </summary>
    public bool TakesLoopback
    {
        get
        {
            var address = Address.Address.IsIPv4MappedToIPv6 ? Address.Address.MapToIPv4() : Address.Address;
            return address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        }
    }
}

/// <summary>The kernel's tables of TCP sockets, as far as they listen.</summary>
internal static class ListeningSocketTable
{
    private const string Listening = "0A";
    private const string Closing = "07";

    /// <summary>Nothing if the system does not tell.</summary>
    public static IEnumerable<ListeningSocket> All() =>
        OperatingSystem.IsLinux() ? SocketDiagnostics.All() ?? FromText() : [];

    public static IReadOnlyList<ListeningSocket> At(int port) => [.. All().Where(s => s.Address.Port == port)];

    /// <summary>The same by the files that every kernel has.</summary>
    internal static IEnumerable<ListeningSocket> FromText() => Read("/proc/net/tcp").Concat(Read("/proc/net/tcp6"));

    /// <summary>The kernel lists what listens first, so connections, of which there may be many, are not read.</summary>
    private static IEnumerable<ListeningSocket> Read(string table) => !File.Exists(table) ? [] : File.ReadLines(table).Skip(1)
        .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        // number, local address, remote address, state, queues, timer, retransmits, user, timeout, inode
        .TakeWhile(f => f.Length > 9 && f[3] is Listening or Closing).Where(f => f[3] == Listening)
        .Select(f => new ListeningSocket(f[9], Address(f[1]), int.Parse(f[7], CultureInfo.InvariantCulture)));

    /// <summary>Groups of four bytes in the machine's order, a colon, and the port.</summary>
    private static IPEndPoint Address(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = Convert.FromHexString(text.AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
            for (var i = 0; i < bytes.Length; i += 4) Array.Reverse(bytes, i, 4);
        return new(new IPAddress(bytes), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
