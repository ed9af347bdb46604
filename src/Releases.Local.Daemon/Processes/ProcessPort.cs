namespace Releases.Local;

/// <summary>
/// The port that a process was given, as the kernel has it: which sockets a connection to 127.0.0.1 can end in. An answer from
/// there says something of the process only while every such socket is its own.
/// </summary>
/// <param name="session">The process, by the session that it began.</param>
/// <param name="number">The port.</param>
internal sealed class ProcessPort(int session, int number)
{
    private volatile IReadOnlySet<string> _own = new HashSet<string>();

    public int Number => number;

    /// <summary>Whether anything listens there, its own or not; false where the system does not tell.</summary>
    public bool IsListenedAt => Reachable().Count > 0;

    /// <summary>Reads which process listens, and remembers the process's own sockets.</summary>
    public PortState Look()
    {
        if (!OperatingSystem.IsLinux()) return new(PortHolder.Process, _own);
        var sockets = Read();
        if (sockets.Count == 0) return new(PortHolder.Nobody, _own = new HashSet<string>());

        var (own, hidden) = Own(sockets);
        var foreign = sockets.Where(s => !own.Contains(s.Inode)).ToList();
        if (foreign.Count == 0) return new(PortHolder.Process, _own = own);
        _own = new HashSet<string>();
        return PortOwner.Find(foreign) is { } owner
            ? new(PortHolder.Stranger, _own) { Owner = owner.ToString() }
            : hidden ? new(PortHolder.Hidden, _own)
            : new(PortHolder.Stranger, _own) { Owner = $"another program, of user {foreign[0].User}" };
    }

    /// <summary>
    /// Whether the same sockets listen there as when the process was last seen to have them all, and no other. A socket keeps its
    /// number as long as it listens, so this needn't find out again which process holds it.
    /// </summary>
    public bool IsUnchanged() => !OperatingSystem.IsLinux() || IsTheSame() || IsTheSame();

    private bool IsTheSame() => _own is { Count: > 0 } own && own.SetEquals(Reachable().Select(s => s.Inode));

    /// <summary>Read again if there is none: the kernel may skip one while others come and go.</summary>
    private List<ListeningSocket> Read() => Reachable() is { Count: > 0 } found ? found : Reachable();

    private List<ListeningSocket> Reachable() => [.. ListeningSocketTable.At(number).Where(s => s.TakesLoopback)];

    /// <summary>Which of them the process or what it started holds, and whether one of these could not be looked into.</summary>
    private (HashSet<string> Own, bool Hidden) Own(List<ListeningSocket> sockets)
    {
        var left = sockets.Select(s => s.Inode).ToHashSet();
        var own = new HashSet<string>();
        var hidden = false;
        // Most often it is the process itself; only else all of the system's processes are looked through.
        Look(session);
        if (left.Count > 0)
            foreach (var process in ProcessSession.Family(session).Where(p => p != session)) Look(process);
        return (own, hidden);

        void Look(int process)
        {
            if (left.Count == 0) return;
            if (OpenSockets.OwnedBy(process) is { } open) own.UnionWith(open.Where(left.Remove));
            else hidden = true;
        }
    }
}

/// <summary>Whose the sockets are at which a connection to a port can end.</summary>
internal enum PortHolder
{
    Nobody,

    /// <summary>All of them the process's, or of what it started.</summary>
    Process,

    /// <summary>At least one is another program's.</summary>
    Stranger,

    /// <summary>Perhaps the process's, which this user may not look into.</summary>
    Hidden,
}

/// <summary>A port at one moment.</summary>
/// <param name="Holder">Whose it is.</param>
/// <param name="Sockets">The process's own.</param>
internal sealed record PortState(PortHolder Holder, IReadOnlySet<string> Sockets)
{
    /// <summary>The stranger, for people.</summary>
    public string? Owner { get; init; }
}
