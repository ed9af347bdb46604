using System.Globalization;
using System.Net;

namespace Releases.Local;

/// <summary>Where the processes of a session listen, so that one that listens elsewhere than it was told can be told just that.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    /// <summary>The addresses, for example <c>127.0.0.1:5000</c>; empty where nothing listens or the system does not tell.</summary>
    public static IReadOnlyList<string> Of(int session)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var inodes = Session.Members(session).SelectMany(Sockets).ToHashSet();
        return [.. Table("/proc/net/tcp").Concat(Table("/proc/net/tcp6")).Where(s => inodes.Contains(s.Inode)).Select(s => s.Address.ToString()).Distinct()];
    }

    private static List<string> Sockets(int process)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
                .Select(f => new FileInfo(f).LinkTarget ?? "").Where(t => t.StartsWith("socket:[", StringComparison.Ordinal)).Select(t => t[8..^1])];
        }
        catch (IOException)
        {
            // It has ended while it was looked at.
            return [];
        }
    }

    private static IEnumerable<(string Inode, IPEndPoint Address)> Table(string path) =>
        !File.Exists(path) ? [] : File.ReadLines(path).Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == Listening).Select(f => (f[9], Address(f[1])));

    /// <summary>Groups of four bytes in the machine's order, a colon, and the port.</summary>
    private static IPEndPoint Address(string text)
    {
        var parts = text.Split(':');
        var bytes = Convert.FromHexString(parts[0]);
        for (var i = 0; i < bytes.Length; i += 4) Array.Reverse(bytes, i, 4);
        return new(new IPAddress(bytes), int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
