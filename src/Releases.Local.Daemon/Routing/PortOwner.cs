namespace Releases.Local;

/// <summary>Represents the process that listens on a port, as far as <c>/proc</c> shows it to this user.</summary>
internal sealed record PortOwner(string Name, int ProcessId)
{
    public static PortOwner? Find(int port) => Find(ListeningSocketTable.At(port));

    /// <summary>Finds the process that holds one of these sockets, or returns null.</summary>
    public static PortOwner? Find(IReadOnlyCollection<ListeningSocket> sockets)
    {
        var wanted = sockets.Select(s => s.Inode).ToHashSet();
        return wanted.Count == 0 ? null : ProcessTable.All().Select(p => Owner(p.Id, wanted)).FirstOrDefault(o => o is not null);
    }

    public override string ToString() => $"another program ({Name}, process {ProcessId})";

    private static PortOwner? Owner(int process, HashSet<string> sockets) =>
        OpenSockets.OwnedBy(process) is { } open && open.Any(sockets.Contains) ? new(ProcessTable.NameOf(process) ?? "unknown", process)
            : null;
}
