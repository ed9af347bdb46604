namespace Releases.Local;

/// <summary>
/// Finds and signals the processes of a session, which the system identifies by its first process. Once nothing of a session is left, its
/// id may be that of any process; the start time of its first process tells them apart.
/// </summary>
internal static class ProcessSession
{
    /// <summary>Sends a signal to every process of the session and its descendants. One that has ended meanwhile isn't an error.</summary>
    /// <param name="session">The id of the session.</param>
    /// <param name="startedAt">The start time of its first process, or null if it isn't known.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>The number of processes, or 0 if the system doesn't show them.</returns>
    public static int Signal(int session, long? startedAt, int signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            _ = NativeProcess.kill(-session, signal);
            return 0;
        }

        try
        {
            var family = Family(session, startedAt);
            foreach (var member in family) _ = NativeProcess.kill(member, signal);
            return family.Count;
        }
        catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
        {
            // Without the list of processes, these are known: the group of the first process, or itself before it has one.
            if (NativeProcess.kill(-session, signal) != 0) _ = NativeProcess.kill(session, signal);
            return 0;
        }
    }

    public static IReadOnlyList<int> Members(int session, long? startedAt = null) => Members(ProcessTable.All(), session, startedAt);

    /// <summary>Returns the session's processes, and their descendants in other sessions.</summary>
    public static IReadOnlyList<int> Family(int session, long? startedAt = null)
    {
        var all = ProcessTable.All().ToList();
        var children = all.Where(p => !p.IsDead).ToLookup(p => p.Parent, p => p.Id);
        var found = Members(all, session, startedAt);
        var known = found.ToHashSet();
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]].Where(known.Add));
        return found;
    }

    /// <summary>
    /// Returns the processes of a session. The first process belongs to it even just before it creates the session, because a signal would
    /// otherwise miss it.
    /// </summary>
    private static List<int> Members(IEnumerable<ProcessEntry> all, int session, long? startedAt)
    {
        var found = all.Where(p => p.Session == session || p.Id == session).ToList();
        return startedAt is { } at && found.Exists(p => p.Id == session && p.StartedAt != at)
            ? [] : [.. found.Where(p => !p.IsDead).Select(p => p.Id)];
    }
}
