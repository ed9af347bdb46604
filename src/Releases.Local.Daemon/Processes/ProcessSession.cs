namespace Releases.Local;

/// <summary>The processes of one session, which the system numbers by its first process.</summary>
internal static class ProcessSession
{
    /// <summary>
    /// Sends a signal to every process of the session and what descends from it; one that has ended meanwhile is no error.
    /// </summary>
    /// <returns>How many processes that were; 0 where the system does not tell.</returns>
    public static int Signal(int session, int signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            _ = NativeProcess.kill(-session, signal);
            return 0;
        }

        var family = Family(session);
        foreach (var member in family) _ = NativeProcess.kill(member, signal);
        return family.Count;
    }

    public static IReadOnlyList<int> Members(int session) =>
        [.. ProcessTable.All().Where(p => Has(session, p)).Select(p => p.Id)];

    /// <summary>The session's processes, and what descends from them in sessions of its own.</summary>
    public static IReadOnlyList<int> Family(int session)
    {
        var all = ProcessTable.All().ToList();
        var children = all.Where(p => !p.IsDead).ToLookup(p => p.Parent, p => p.Id);
        var found = all.Where(p => Has(session, p)).Select(p => p.Id).ToList();
        var known = found.ToHashSet();
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]].Where(known.Add));
        return found;
    }

    /// <summary>Its first process is of it also in the moment before it has begun the session: else a signal would be lost then.</summary>
    private static bool Has(int session, ProcessEntry process) => (process.Session == session || process.Id == session) && !process.IsDead;
}
