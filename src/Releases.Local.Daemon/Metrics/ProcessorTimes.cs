namespace Releases.Local;

/// <summary>The processor time of processes, as of the last two minutes that ended: what was used since is the difference.</summary>
internal sealed class ProcessorTimes
{
    private Dictionary<int, ProcessorTime> _last = [];
    private Dictionary<int, ProcessorTime> _before = [];

    /// <summary>A minute has ended: what each of these processes used since the last one did, or since its start.</summary>
    public IReadOnlyDictionary<int, TimeSpan> EndMinute(IEnumerable<int> processes, DateTimeOffset now)
    {
        var read = processes.Distinct().Select(p => (Id: p, Time: ProcessTable.ProcessorTime(p))).Where(p => p.Time is not null)
            .ToDictionary(p => p.Id, p => new ProcessorTime(now, p.Time!.Value));
        var used = read.ToDictionary(p => p.Key, p => p.Value.Used - (_last.GetValueOrDefault(p.Key)?.Used ?? TimeSpan.Zero));
        (_before, _last) = (_last, read);
        return used;
    }

    /// <summary>What a process used since the last minute that ended.</summary>
    public TimeSpan SinceMinute(int process) =>
        ProcessTable.ProcessorTime(process) is { } now ? now - (_last.GetValueOrDefault(process)?.Used ?? TimeSpan.Zero) : TimeSpan.Zero;

    /// <summary>How many processors it keeps busy, over one to two minutes or since its start; null if unknown.</summary>
    public double? Share(int process, DateTimeOffset startedAt, DateTimeOffset now)
    {
        if (ProcessTable.ProcessorTime(process) is not { } used) return null;
        var from = _before.GetValueOrDefault(process) ?? new ProcessorTime(startedAt, TimeSpan.Zero);
        return now > from.At ? (used - from.Used) / (now - from.At) : null;
    }

    private sealed record ProcessorTime(DateTimeOffset At, TimeSpan Used);
}
