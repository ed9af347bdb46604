namespace Releases.Local;

/// <summary>Ends the processes that an earlier daemon of the home left running, and no others.</summary>
internal sealed class OrphanedProcesses(ProcessRecords records, DaemonLog log, TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>A process that survives SIGKILL for longer hangs in the kernel, and mustn't keep the rack from starting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends them. Those that can't be ended are logged and stay recorded.</summary>
    public async Task End(CancellationToken cancel)
    {
        var all = records.All();
        foreach (var truncated in all.Where(r => !r.IsWhole))
            log.Write($"the record of process {truncated.Id} can't be read: what has its name is ended");
        var sessions = all.Where(IsStillOurs).ToList();
        var found = sessions.SelectMany(Members).ToHashSet();
        foreach (var session in sessions) Signal(session, NativeProcess.SIGTERM);
        var from = time.GetTimestamp();
        while (sessions.Any(s => Members(s).Count > 0) && time.GetElapsedTime(from) < Limit)
        {
            if (time.GetElapsedTime(from) > Grace)
                foreach (var session in sessions) Signal(session, NativeProcess.SIGKILL);
            await Task.Delay(PollInterval, time, cancel);
        }

        var left = sessions.Where(s => Members(s).Count > 0).ToHashSet();
        var ended = found.Except(left.SelectMany(Members)).Count();
        foreach (var record in all.Where(r => !left.Contains(r)))
        {
            ended += ServiceProcess.EndBackground(record.Id).Count;
            records.Remove(record.Id);
        }

        if (ended > 0) log.Write($"ended {Quantity.Text(ended, "process", "processes")} that an earlier daemon left behind");
        foreach (var session in left) log.Write($"process {session.ProcessId} of an earlier daemon can't be ended and keeps running");
    }

    private static IReadOnlyList<int> Members(ProcessRecord first) => ProcessSession.Members(first.ProcessId, StartOf(first));

    private static void Signal(ProcessRecord first, int signal) => ProcessSession.Signal(first.ProcessId, StartOf(first), signal);

    private static long? StartOf(ProcessRecord record) => record.StartedAt > 0 ? record.StartedAt : null;

    /// <summary>
    /// Determines whether a record is of this boot and its process id hasn't been reused. If the session's first process is gone, the
    /// remaining ones keep its id from being reused.
    /// </summary>
    private static bool IsStillOurs(ProcessRecord record) =>
        record.BootId == ProcessTable.BootId && (ProcessTable.Find(record.ProcessId) is not { } now || now.StartedAt == record.StartedAt);
}
