namespace Releases.Local.Tests.Engine;

/// <summary>The machine's time, of which many seconds pass in one; of less than one, a machine that is busy has more time.</summary>
internal sealed class HastyTime(double times) : TimeProvider
{
    private readonly DateTimeOffset _from = System.GetUtcNow();
    private readonly long _began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _from + (System.GetElapsedTime(_began) * times);

    public override long GetTimestamp() => (long)(System.GetTimestamp() * times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private TimeSpan Sooner(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / times;
}
