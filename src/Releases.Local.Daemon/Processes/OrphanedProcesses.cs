namespace Releases.Local;

/// <summary>Ends the processes that an earlier daemon of the home left running, and no others.</summary>
internal sealed class OrphanedProcesses(ProcessRecords records, TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends them. Returns the number of processes ended, once none is left.</summary>
    public async Task<int> End(CancellationToken cancel)
    {
        var all = records.All();
        var sessions = all.Where(IsStillOurs).Select(r => r.ProcessId).ToList();
        var ended = sessions.Sum(s => ProcessSession.Members(s).Count);
        foreach (var session in sessions) ProcessSession.Signal(session, NativeProcess.SIGTERM);
        var from = time.GetTimestamp();
        while (sessions.Any(s => ProcessSession.Members(s).Count > 0))
        {
            if (time.GetElapsedTime(from) > Grace)
                foreach (var session in sessions) ProcessSession.Signal(session, NativeProcess.SIGKILL);
            await Task.Delay(PollInterval, time, cancel);
        }

        foreach (var record in all)
        {
            ended += ServiceProcess.EndBackground(record.Id).Count;
            records.Remove(record.Id);
        }

        return ended;
    }

    /// <summary>
    /// Determines whether a record is of this boot and its process id hasn't been reused. If the session's first process is gone, the
    /// remaining ones keep its id from being reused.
    /// </summary>
    private static bool IsStillOurs(ProcessRecord record) =>
        record.BootId == ProcessTable.BootId && (ProcessTable.Find(record.ProcessId) is not { } now || now.StartedAt == record.StartedAt);
}
