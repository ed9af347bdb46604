using System.Net;

namespace Releases.Local;

/// <summary>Where the processes of a session listen, so that one that listens on another port than its own gets that reason.</summary>
internal static class ListeningSockets
{
    /// <summary>The addresses, for example <c>127.0.0.1:5000</c>; empty if nothing listens or the system does not tell.</summary>
    public static IReadOnlyList<IPEndPoint> OwnedBy(int session)
    {
        var sockets = ProcessSession.Family(session).SelectMany(p => OpenSockets.OwnedBy(p) ?? []).ToHashSet();
        return sockets.Count == 0 ? []
            : [.. ListeningSocketTable.All().Where(s => sockets.Contains(s.Inode)).Select(s => s.Address).Distinct()];
    }

    /// <summary>
    /// The same, if none of them is where it was told to listen. One that began to listen there after it refused a connection
    /// isn't elsewhere.
    /// </summary>
    public static IReadOnlyList<IPEndPoint> ElsewhereThan(int port, int session)
    {
        var owned = OwnedBy(session);
        return owned.Any(a => a.Port == port && new ListeningSocket("", a, 0).TakesLoopback) ? [] : owned;
    }
}
