namespace Releases.Local;

/// <summary>Tracks the processor times of processes at the end of the last two minutes, to compute what they used since.</summary>
internal sealed class ProcessorTimes
{
    private Dictionary<int, ProcessorTime> _last = [];
    private Dictionary<int, ProcessorTime> _before = [];

    /// <summary>
    /// Ends a minute, and returns what each of these processes used since the end of the previous one, or since its start.
    /// </summary>
    public IReadOnlyDictionary<int, TimeSpan> EndMinute(IEnumerable<int> processes, DateTimeOffset now)
    {
        var read = processes.Distinct().Select(p => (Id: p, Time: ProcessTable.ProcessorTime(p))).Where(p => p.Time is not null)
            .ToDictionary(p => p.Id, p => new ProcessorTime(now, p.Time!.Value));
        var used = read.ToDictionary(p => p.Key, p => p.Value.Used - (_last.GetValueOrDefault(p.Key)?.Used ?? TimeSpan.Zero));
        (_before, _last) = (_last, read);
        return used;
    }

    /// <summary>Returns what a process used since the end of the last minute.</summary>
    public TimeSpan SinceMinute(int process) =>
        ProcessTable.ProcessorTime(process) is { } now ? now - (_last.GetValueOrDefault(process)?.Used ?? TimeSpan.Zero) : TimeSpan.Zero;

    /// <summary>
    /// Returns the number of processors that a process keeps busy, over the last one to two minutes or since its start, or null if unknown.
    /// </summary>
    public double? Share(int process, DateTimeOffset startedAt, DateTimeOffset now)
    {
        if (ProcessTable.ProcessorTime(process) is not { } used) return null;
        var from = _before.GetValueOrDefault(process) ?? new ProcessorTime(startedAt, TimeSpan.Zero);
        return now > from.At ? (used - from.Used) / (now - from.At) : null;
    }

    private sealed record ProcessorTime(DateTimeOffset At, TimeSpan Used);
}
