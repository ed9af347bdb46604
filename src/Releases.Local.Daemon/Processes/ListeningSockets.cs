using System.Net;

namespace Releases.Local;

/// <summary>
/// Finds the addresses on which the processes of a session listen, to explain that one listens on another port than its own.
/// </summary>
internal static class ListeningSockets
{
    /// <summary>Returns the addresses, such as <c>127.0.0.1:5000</c>; empty if nothing listens or the system doesn't show it.</summary>
    public static IReadOnlyList<IPEndPoint> OwnedBy(int session)
    {
        try
        {
            var sockets = ProcessSession.Family(session).SelectMany(p => OpenSockets.OwnedBy(p) ?? []).ToHashSet();
            return sockets.Count == 0 ? []
                : [.. ListeningSocketTable.All().Where(s => sockets.Contains(s.Inode)).Select(s => s.Address).Distinct()];
        }
        catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
        {
            // The system doesn't show it at the moment.
            return [];
        }
    }

    /// <summary>
    /// Returns the addresses if none of them is the assigned one; otherwise empty. A process that began to listen on its port after it
    /// refused a connection isn't listening elsewhere.
    /// </summary>
    public static IReadOnlyList<IPEndPoint> ElsewhereThan(int port, int session)
    {
        var owned = OwnedBy(session);
        return owned.Any(a => a.Port == port && new ListeningSocket("", a, 0).TakesLoopback) ? [] : owned;
    }
}
