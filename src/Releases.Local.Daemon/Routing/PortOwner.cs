using System.Globalization;

namespace Releases.Local;

/// <summary>The process that listens at a port, as far as <c>/proc</c> tells this user.</summary>
internal sealed record PortOwner(string Name, int ProcessId)
{
    private const string Listening = "0A";

    public static PortOwner? Find(int port)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var sockets = Sockets("/proc/net/tcp", port).Concat(Sockets("/proc/net/tcp6", port)).ToHashSet();
        return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Select(p => Owner(p, sockets)).FirstOrDefault(o => o is not null);
    }

    /// <summary>The sockets that listen at the port, as links of open files name them.</summary>
    private static IEnumerable<string> Sockets(string table, int port)
    {
        if (!File.Exists(table)) yield break;
        var local = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(table))
        {
            // sl, local address, remote address, state, queues, timer, retransmits, user, timeout, inode
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 9 && columns[1].EndsWith(local, StringComparison.Ordinal) && columns[3] == Listening) yield return $"socket:[{columns[9]}]";
        }
    }

    private static PortOwner? Owner(string process, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        try
        {
            var holds = Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget is { } link && sockets.Contains(link));
            return holds ? new PortOwner(File.ReadAllText(Path.Combine(process, "comm")).Trim(), id) : null;
        }
        catch (Exception hidden) when (hidden is UnauthorizedAccessException or IOException)
        {
            // Another user's process, or one that has just ended: somebody else, then.
            return null;
        }
    }
}
