namespace Releases.Local;

/// <summary>The processes of one session, which the system numbers by its first process.</summary>
internal static class Session
{
    /// <summary>Sends a signal to every process of the session; one that has ended meanwhile is no error.</summary>
    public static void Signal(int session, int signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            _ = NativeProcess.kill(-session, signal);
            return;
        }

        foreach (var member in Members(session)) _ = NativeProcess.kill(member, signal);
    }

    public static IReadOnlyList<int> Members(int session) =>
        [.. ProcessTable.All().Where(p => p.Session == session && !p.IsDead).Select(p => p.Id)];
}
