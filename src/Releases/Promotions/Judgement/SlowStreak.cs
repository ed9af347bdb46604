namespace Releases;

/// <summary>
/// Whether new processes stay slow. A .NET process answers its first requests slowly, while methods are compiled, so requests are looked at
/// in windows, and only several slow ones in a row count. Of a step that ends before, all have to be slow.
/// </summary>
internal sealed class SlowStreak(TrafficSample begin)
{
    private const int EnoughWindows = 3;

    private TrafficSample _begin = begin;
    private int _windows;
    private int _slow;

    /// <summary>Takes up what was counted by now.</summary>
    public void Add(TrafficSample now, JudgeLimits limits)
    {
        var fresh = now.New.Since(_begin.New);
        if (fresh.Requests < Judgement.MinRequests) return;
        _windows++;
        _slow = Judgement.IsSlow(limits, fresh, TrafficJudge.Comparable(now.Old, _begin.Old)) ? _slow + 1 : 0;
        _begin = now;
    }

    /// <param name="isOver">Whether the step's time is over.</param>
    public bool StaysSlow(bool isOver) => _slow >= EnoughWindows || (isOver && _slow == _windows);
}
