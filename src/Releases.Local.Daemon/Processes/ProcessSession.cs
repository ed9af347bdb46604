namespace Releases.Local;

/// <summary>Finds and signals the processes of a session, which the system identifies by its first process.</summary>
internal static class ProcessSession
{
    /// <summary>Sends a signal to every process of the session and its descendants. One that has ended meanwhile isn't an error.</summary>
    /// <returns>The number of processes, or 0 if the system doesn't show them.</returns>
    public static int Signal(int session, int signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            _ = NativeProcess.kill(-session, signal);
            return 0;
        }

        try
        {
            var family = Family(session);
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

    public static IReadOnlyList<int> Members(int session) =>
        [.. ProcessTable.All().Where(p => Has(session, p)).Select(p => p.Id)];

    /// <summary>Returns the session's processes, and their descendants in other sessions.</summary>
    public static IReadOnlyList<int> Family(int session)
    {
        var all = ProcessTable.All().ToList();
        var children = all.Where(p => !p.IsDead).ToLookup(p => p.Parent, p => p.Id);
        var found = all.Where(p => Has(session, p)).Select(p => p.Id).ToList();
        var known = found.ToHashSet();
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]].Where(known.Add));
        return found;
    }

    /// <summary>
    /// Determines whether a process belongs to a session. The first process belongs to it even just before it creates the session, because
    /// a signal would otherwise miss it.
    /// </summary>
    private static bool Has(int session, ProcessEntry process) => (process.Session == session || process.Id == session) && !process.IsDead;
}
