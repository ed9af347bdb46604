using System.Globalization;
using System.Net;

namespace Releases.Local;

/// <summary>Represents a listening TCP socket.</summary>
/// <param name="Inode">The kernel's inode number, which stays the same while the socket listens, whichever processes share it.</param>
/// <param name="Address">The address.</param>
/// <param name="User">The user who created it.</param>
internal readonly record struct ListeningSocket(string Inode, IPEndPoint Address, int User)
{
    /// <summary>
    /// Gets whether the socket can accept a connection to 127.0.0.1. An IPv6-only socket looks the same as a dual-stack one, so it is
    /// counted too; the opposite would trust another program's socket.
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

/// <summary>Reads the kernel's tables of listening TCP sockets.</summary>
internal static class ListeningSocketTable
{
    private const string Listening = "0A";
    private const string Closing = "07";

    /// <summary>Returns all listening sockets; empty if the system doesn't show them.</summary>
    public static IEnumerable<ListeningSocket> All() =>
        OperatingSystem.IsLinux() ? SocketDiagnostics.All() ?? FromText() : [];

    public static IReadOnlyList<ListeningSocket> At(int port) => [.. All().Where(s => s.Address.Port == port)];

    /// <summary>Returns the listening sockets from the files that every kernel has.</summary>
    internal static IEnumerable<ListeningSocket> FromText() => Read("/proc/net/tcp").Concat(Read("/proc/net/tcp6"));

    /// <summary>Reads a table. The kernel lists listening sockets first, so connections, of which there may be many, aren't read.</summary>
    private static IEnumerable<ListeningSocket> Read(string table) => !File.Exists(table) ? [] : File.ReadLines(table).Skip(1)
        .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        // number, local address, remote address, state, queues, timer, retransmits, user, timeout, inode
        .TakeWhile(f => f.Length > 9 && f[3] is Listening or Closing).Where(f => f[3] == Listening)
        .Select(f => new ListeningSocket(f[9], Address(f[1]), int.Parse(f[7], CultureInfo.InvariantCulture)));

    /// <summary>Parses an address: groups of four bytes in the machine's byte order, a colon, and the port.</summary>
    private static IPEndPoint Address(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = Convert.FromHexString(text.AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
            for (var i = 0; i < bytes.Length; i += 4) Array.Reverse(bytes, i, 4);
        return new(new IPAddress(bytes), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
