namespace Releases.Local;

/// <summary>
/// Represents a process's port as the kernel sees it: which sockets can accept a connection to 127.0.0.1. A response from there is the
/// process's own only while every such socket is.
/// </summary>
/// <param name="instance">The id of the instance, which is in the environment of whatever it started.</param>
/// <param name="session">The id of the session that the process leads.</param>
/// <param name="number">The port.</param>
internal sealed class ProcessPort(string instance, int session, int number)
{
    private volatile IReadOnlySet<string> _own = new HashSet<string>();

    public int Number => number;

    /// <summary>Gets whether any socket listens on the port, of this process or another; false if the system doesn't show it.</summary>
    public bool IsListenedAt => Reads(() => Reachable().Count > 0, otherwise: false);

    /// <summary>Reads who listens on the port, and remembers the process's own sockets.</summary>
    /// <exception cref="IOException">Too many files are open, so nothing is known about the port.</exception>
    public PortState Look()
    {
        if (!OperatingSystem.IsLinux()) return new(PortHolder.Process, _own);
        var sockets = Read();
        if (sockets.Count == 0) return new(PortHolder.Nobody, _own = new HashSet<string>());

        var (own, byChild, hidden) = Own(sockets);
        var foreign = sockets.Where(s => !own.Contains(s.Inode)).ToList();
        if (foreign.Count == 0) return new(PortHolder.Process, _own = own) { IsHeldByChild = byChild };
        _own = new HashSet<string>();
        if (PortOwner.Find(foreign) is { } owner)
            return ProcessTable.HasVariable(owner.ProcessId, ProcessStart.NameVariable, instance)
                ? new(PortHolder.Background, _own) { Owner = $"{owner.Name} (process {owner.ProcessId})" }
                : new(PortHolder.Stranger, _own) { Owner = owner.ToString() };
        return hidden ? new(PortHolder.Hidden, _own)
            : new(PortHolder.Stranger, _own) { Owner = $"another program, of user {foreign[0].User}" };
    }

    /// <summary>
    /// Determines whether the same sockets, and no others, listen as when they were last all the process's own. A socket keeps its inode
    /// number while it listens, so this needn't find out again which process holds it. True as well while the system can't tell.
    /// </summary>
    public bool IsUnchanged() => !OperatingSystem.IsLinux() || Reads(() => IsTheSame() || IsTheSame(), otherwise: true);

    private static bool Reads(Func<bool> read, bool otherwise)
    {
        try
        {
            return read();
        }
        catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
        {
            return otherwise;
        }
    }

    private bool IsTheSame() => _own is { Count: > 0 } own && own.SetEquals(Reachable().Select(s => s.Inode));

    /// <summary>Reads the sockets, twice if there are none: the kernel may skip one while others come and go.</summary>
    private List<ListeningSocket> Read() => Reachable() is { Count: > 0 } found ? found : Reachable();

    private List<ListeningSocket> Reachable() => [.. ListeningSocketTable.At(number).Where(s => s.TakesLoopback)];

    /// <summary>
    /// Returns which of the sockets the process or its descendants hold, whether a descendant holds any, and whether one of these
    /// processes couldn't be examined.
    /// </summary>
    private (HashSet<string> Own, bool ByChild, bool Hidden) Own(List<ListeningSocket> sockets)
    {
        var left = sockets.Select(s => s.Inode).ToHashSet();
        var own = new HashSet<string>();
        var hidden = false;
        // Most often the process itself holds them; search all processes of the system only if it doesn't.
        Look(session);
        var byItself = own.Count;
        if (left.Count > 0)
            foreach (var process in ProcessSession.Family(session).Where(p => p != session)) Look(process);
        return (own, own.Count > byItself, hidden);

        void Look(int process)
        {
            if (left.Count == 0) return;
            if (OpenSockets.OwnedBy(process) is { } open) own.UnionWith(open.Where(left.Remove));
            else hidden = true;
        }
    }
}

/// <summary>Specifies who holds the sockets that can accept a connection to a port.</summary>
internal enum PortHolder
{
    Nobody,

    /// <summary>The process or its descendants hold all of them.</summary>
    Process,

    /// <summary>Another program holds at least one.</summary>
    Stranger,

    /// <summary>A program that the process started holds at least one, and is no longer a descendant of it.</summary>
    Background,

    /// <summary>The process may hold them, but this user can't examine it.</summary>
    Hidden,
}

/// <summary>Represents the state of a port at one moment.</summary>
/// <param name="Holder">The holder of the port.</param>
/// <param name="Sockets">The process's own sockets.</param>
internal sealed record PortState(PortHolder Holder, IReadOnlySet<string> Sockets)
{
    /// <summary>Gets the other program, for people.</summary>
    public string? Owner { get; init; }

    /// <summary>Gets whether a descendant of the process holds one of its own sockets.</summary>
    public bool IsHeldByChild { get; init; }
}
