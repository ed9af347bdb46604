namespace Releases;

/// <summary>
/// Determines whether new processes stay slow. A .NET process answers its first requests slowly while methods are compiled, so requests are
/// evaluated in windows, and only several consecutive slow windows count. If the step ends earlier, all of its windows must be slow.
/// </summary>
/// <param name="begin">The counts at the beginning of the step.</param>
/// <param name="oldAtStart">The counts of the old processes at the beginning of the first step.</param>
internal sealed class SlowStreak(TrafficSample begin, RequestCounts oldAtStart)
{
    private const int EnoughWindows = 3;

    private readonly RequestCounts _oldAtBegin = begin.Old;
    private TrafficSample _begin = begin;
    private int _windows;
    private int _slow;

    /// <summary>Adds the current counts.</summary>
    public void Add(TrafficSample now, JudgeLimits limits)
    {
        var fresh = now.New.Since(_begin.New);
        if (fresh.Requests < Judgment.MinRequests) return;
        _windows++;
        var old = TrafficJudge.Comparable(now.Old, _begin.Old, oldAtStart);
        // Since their counters began again, in this window or before, the old processes may have had no traffic.
        if (old.Requests < Judgment.MinRequests) old = TrafficJudge.Comparable(now.Old, _oldAtBegin, oldAtStart);
        _slow = Judgment.IsSlow(limits, fresh, old) ? _slow + 1 : 0;
        _begin = now;
    }

    /// <param name="isOver">Whether the time of the step is over.</param>
    public bool StaysSlow(bool isOver) => _slow >= EnoughWindows || (isOver && _slow == _windows);
}
